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
    const recall = await eventually('a recall stands', async () => { const made = await reminders.http('frontdesk@summit.example', 'POST', '/api/reminders/v1/recalls', { patient: visit.patient, kind: 'screening', due: '2030-01-01' }); return made.status === 201 && String(made.body.id); });
    const rule = String((await reminders.http('manager@summit.example', 'POST', '/api/reminders/v1/recall-rules', { kind: 'screening', afterServices: ['skin-check'], afterMonths: 12 })).body.id);
    const content = String((await reminders.http('manager@summit.example', 'POST', '/api/reminders/v1/education', { service: 'skin-check', texts: { en: { title: 'Before', body: 'Eat nothing.' } } })).body.id);
    await reminders.settled();
    const plan = { name: 'Ours', steps: [{ id: 'text-2d', when: { kind: 'days-before', days: 2, at: '09:30' }, template: 'visit-reminder', class: 'consented-care', channels: ['sms'], staleAfterMinutes: 600 }] };
    const { id: planId } = (await reminders.http('manager@summit.example', 'POST', '/api/reminders/v1/plans', plan)).body;
    const [network] = (await reminders.http('manager@summit.example', 'GET', '/api/reminders/v1/plans')).body.items.filter((each: { practice: string | null }) => each.practice === null);
    const experimentBody = { name: 'More', control: { plan: network.id }, arms: [{ key: 'more', steps: [...network.steps, plan.steps[0]] }], patients: 100, days: 30 };
    const experiment = String((await reminders.http('manager@summit.example', 'POST', '/api/reminders/v1/experiments', experimentBody)).body.id);
    const [app] = reminders.apps;
    const routes = app!.get(RouteCensus, { strict: false }).routes().filter(({ path }) => path.startsWith('/api/'));
    expect(routes.length).toBeGreaterThan(5);
    expect(await breachesOf({
      url: await app!.getUrl(), routes, permissionsOfRole, identity: reminders.identity, owner: 'summit', strangers: ['desert', 'lakeside'], secrets: [visit.id, visit.patient, call, planId, recall, rule, content, experiment],
      requestOf: ({ method, path }) => ({
        path: path.replace('/call-list/:id', `/call-list/${call}`).replace('/plans/:id', `/plans/${planId}`).replace('/recalls/:id', `/recalls/${recall}`).replace('/experiments/:id', `/experiments/${experiment}`).replace('/education/:id', `/education/${content}`).replace('/recall-rules/:id', `/recall-rules/${rule}`).replace('/parked-events/:id', `/parked-events/${newId()}`) + (path.endsWith('/timers') ? `?appointment=${visit.id}` : path.endsWith('/preview') ? `?start=${formatInstant(reminders.now)}` : ''),
        ...(method === 'GET' ? {} : { body: path.endsWith('/experiments') ? experimentBody : path.endsWith('/plans') || path.endsWith('/plans/:id') ? plan : bodyOf(path, visit.patient) }),
      }),
      fingerprint: async () => (await admin.query<{ all: string }>(`SELECT concat((SELECT md5(string_agg(t::text, '' ORDER BY t::text)) FROM call_list_entry t), (SELECT md5(string_agg(t::text, '' ORDER BY t::text)) FROM timer t), (SELECT md5(string_agg(t::text, '' ORDER BY t::text)) FROM reminder_plan t WHERE practice = 'summit'), (SELECT md5(string_agg(t::text, '' ORDER BY t::text)) FROM recall t), (SELECT md5(string_agg(t::text, '' ORDER BY t::text)) FROM recall_rule t WHERE practice = 'summit'), (SELECT md5(string_agg(t::text, '' ORDER BY t::text)) FROM experiment t WHERE practice = 'summit'), (SELECT md5(string_agg(t::text, '' ORDER BY t::text)) FROM education_content t WHERE 'summit' = ANY (practices)), (SELECT md5(string_agg(t::text, '' ORDER BY t::text)) FROM education_approval t WHERE 'summit' = ANY (practices))) AS all`)).rows[0]!.all,
    })).toEqual([]);
  });
});

function bodyOf(path: string, patient: string): object {
  if (path.endsWith('/outcome')) return { outcome: 'no-answer' };
  if (path.endsWith('/recalls')) return { patient, kind: 'vaccination', due: '2030-01-01' };
  if (path.endsWith('/recall-rules')) return { kind: 'vaccination', afterServices: ['vaccination'], afterMonths: 12 };
  if (path.endsWith('/education')) return { service: 'echo', texts: { en: { title: 'Before', body: 'Eat nothing.' } } };
  if (path.endsWith('/stop')) return { reason: 'other' };
  if (path.endsWith('/postpone')) return { due: '2030-02-02' };
  if (path.endsWith('/preview')) return { start: '2030-01-01T10:00:00Z', zone: 'America/Denver' };
  return path.endsWith('/revisions') ? { recalls: [] } : {};
}
