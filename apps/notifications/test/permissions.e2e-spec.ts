import { newId } from '@slotmesh/kernel';
import { RouteCensus, permissionsOfRole } from '@slotmesh/security';
import { breachesOf, eventually } from '@slotmesh/testing';
import { Client } from 'pg';
import { RunningNotifications } from './running-notifications';

describe('every role on every route of notifications', () => {
  let notifications: RunningNotifications;
  let admin: Client;
  beforeAll(async () => {
    notifications = await RunningNotifications.start();
    admin = new Client({ connectionString: notifications.database.adminUrl });
    await admin.connect();
  });
  afterAll(async () => {
    await admin.end();
    await notifications.stop();
  });

  test('P22: each passes exactly where its permission is stated, and no other practice sees or changes a row', async () => {
    const patient = await notifications.patient();
    const visit = await notifications.visit(patient);
    await notifications.request(patient, [visit]);
    const message = await eventually('the message is known', async () => (await admin.query<{ id: string }>('SELECT id FROM message WHERE patient = $1', [patient.id])).rows[0]?.id);
    await notifications.says(patient, 'What should I bring?');
    const { idx: phone, id: reply } = await eventually('the text is in the inbox', async () => (await admin.query<{ idx: string; id: string }>(`SELECT idx, id FROM reply WHERE effect = 'inbox-auto-reply'`)).rows[0]);
    await notifications.settled();
    const template = newId();
    await admin.query(`INSERT INTO template (id, practice, name, language, channel, version, source, state, warnings, made_by, made_at) VALUES ($1, 'harbor', 'visit-reminder', 'en', 'sms', 1001, 'See you', 'draft', '[]', 'ana', now())`, [template]);
    const app = notifications.apps[0]!;
    const routes = app.get(RouteCensus, { strict: false }).routes().filter(({ path }) => path.startsWith('/api/'));
    expect(routes.length).toBeGreaterThan(5);
    const fingerprint = async (): Promise<string> => (await admin.query<{ all: string }>(`SELECT concat((SELECT md5(string_agg(t::text, '' ORDER BY t::text)) FROM message t), (SELECT md5(string_agg(t::text, '' ORDER BY t::text)) FROM template t WHERE t.practice = 'harbor'), (SELECT md5(string_agg(t::text, '' ORDER BY t::text)) FROM contact_point t), (SELECT md5(string_agg(t::text, '' ORDER BY t::text)) FROM consent_evidence t), (SELECT md5(string_agg(t::text, '' ORDER BY t::text)) FROM sending_rule t WHERE practice = 'harbor'), (SELECT md5(string_agg(t::text, '' ORDER BY t::text)) FROM reply t)) AS all`)).rows[0]!.all;
    expect(await breachesOf({
      url: await app.getUrl(), routes, permissionsOfRole, identity: notifications.scheduling.identity, owner: 'harbor', strangers: ['summit', 'lakeside'], secrets: [visit.id, patient.id, message, patient.phone, patient.email], fingerprint,
      requestOf: ({ method, path }) => ({ path: path.replace('/messages/:id', `/messages/${message}`).replace('/templates/:id', `/templates/${template}`).replace('/parked-events/:id', `/parked-events/${newId()}`).replace('/conversations/:phone', `/conversations/${phone}`), ...(method === 'GET' ? {} : { body: path.endsWith('/approve') ? { reviewer: 'Ruth Vidal' } : path.endsWith('/sending-rules') ? { freeToEndUser: true } : path.endsWith('/texts') ? { text: 'We will call you.' } : path.endsWith('/read') ? { upTo: reply } : path.endsWith('/consents') ? { patient: patient.id, channel: 'sms', state: 'opted-out', how: 'phone', words: 'no more' } : {} }) }),
    })).toEqual([]);
  });
});
