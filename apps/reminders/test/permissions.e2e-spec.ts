import { formatInstant, newId } from '@slotmesh/kernel';
import { RouteCensus, permissionsOfRole } from '@slotmesh/security';
import { breachesOf, eventually } from '@slotmesh/testing';
import { Client } from 'pg';
import { RunningReminders } from './running-reminders';

describe('every role on every route of reminders', () => {
  let reminders: RunningReminders;
  let admin: Client;
  beforeAll(async () => {
    reminders = await RunningReminders.start();
    admin = new Client({ connectionString: reminders.database.adminUrl });
    await admin.connect();
  });
  afterAll(async () => {
    await admin.end();
    await reminders.stop();
  });

  test('P22: each passes exactly where its permission is stated, and no other practice sees or changes a row', async () => {
    const visit = reminders.visit();
    await reminders.patient(visit.patient);
    await reminders.book(visit);
    await reminders.askForCall(visit, []);
    const call = await eventually('the call is on the list', async () => (await admin.query<{ id: string }>('SELECT id FROM call_list_entry WHERE appointment_id = $1', [visit.id])).rows[0]?.id);
    await reminders.settled();
    const plan = { name: 'Ours', steps: [{ id: 'text-2d', when: { kind: 'days-before', days: 2, at: '09:30' }, template: 'visit-reminder', class: 'consented-care', channels: ['sms'], staleAfterMinutes: 600 }] };
    const { id: planId } = (await reminders.http('manager@summit.example', 'POST', '/api/reminders/v1/plans', plan)).body;
    const [app] = reminders.apps;
    const routes = app!.get(RouteCensus, { strict: false }).routes().filter(({ path }) => path.startsWith('/api/'));
    expect(routes.length).toBeGreaterThan(5);
    expect(await breachesOf({
      url: await app!.getUrl(), routes, permissionsOfRole, identity: reminders.identity, owner: 'summit', strangers: ['desert', 'lakeside'], secrets: [visit.id, visit.patient, call, planId],
      requestOf: ({ method, path }) => ({
        path: path.replace('/call-list/:id', `/call-list/${call}`).replace('/plans/:id', `/plans/${planId}`).replace('/parked-events/:id', `/parked-events/${newId()}`) + (path.endsWith('/timers') ? `?appointment=${visit.id}` : method === 'GET' && path.endsWith('/preview') ? `?start=${formatInstant(reminders.now)}` : ''),
        ...(method === 'GET' ? {} : { body: path.endsWith('/outcome') ? { outcome: 'no-answer' } : path.endsWith('/preview') ? { start: formatInstant(reminders.now), zone: 'America/Denver' } : path.includes('/plans') && method !== 'DELETE' ? plan : {} }),
      }),
      fingerprint: async () => (await admin.query<{ all: string }>(`SELECT concat((SELECT md5(string_agg(t::text, '' ORDER BY t::text)) FROM call_list_entry t), (SELECT md5(string_agg(t::text, '' ORDER BY t::text)) FROM timer t), (SELECT md5(string_agg(t::text, '' ORDER BY t::text)) FROM reminder_plan t WHERE practice IS NULL OR practice = 'summit')) AS all`)).rows[0]!.all,
    })).toEqual([]);
  });
});
