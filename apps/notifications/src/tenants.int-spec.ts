import { UnitOfWork, createDataSource } from '@slotmesh/persistence';
import { SystemClock, type PracticeId } from '@slotmesh/kernel';
import { type TestDatabase, freshDatabase } from '@slotmesh/testing';
import type { DataSource } from 'typeorm';
import { migrations } from './migrations';

/** Carry no tenant, or are never read on behalf of one. */
const WITHOUT_TENANT = ['audit_seal', 'event_sequence', 'inbox', 'migration', 'outbox', 'outbox_lane', 'parked_event', 'provider_breaker'];
const patient = '01900000-0000-7000-8000-000000000001';

describe('tenants', () => {
  let database: TestDatabase;
  let app: DataSource;
  let worker: DataSource;
  let work: UnitOfWork;
  beforeAll(async () => {
    database = await freshDatabase('notifications', migrations);
    [app, worker] = await Promise.all([database.appUrl, database.workerUrl].map((url) => createDataSource({ url, poolSize: 2, applicationName: 'test' }).initialize())) as [DataSource, DataSource];
    work = new UnitOfWork({ source: 'notifications', app, worker, clock: new SystemClock() });
  });
  afterAll(async () => {
    await Promise.all([app?.destroy(), worker?.destroy()]);
    await database?.drop();
  });
  const as = <T extends object>(practice: string | null, text: string): Promise<T[]> => work.run({ kind: 'staff', subject: 'test', practice: practice as PracticeId | null }, (tx) => tx.query<T>(text));

  it('P21: every table with a tenant forces row-level security, walked through the catalogue as the runtime role', async () => {
    const tables = await as<{ name: string; forced: boolean }>(null, `SELECT c.relname AS name, c.relrowsecurity AND c.relforcerowsecurity AS forced FROM pg_class c WHERE c.relkind = 'r' AND c.relnamespace = 'public'::regnamespace ORDER BY 1`);
    expect(tables.filter(({ forced }) => !forced).map(({ name }) => name)).toEqual(WITHOUT_TENANT);
    expect(tables.length).toBeGreaterThan(20);
  });

  it('P21: a practice sees its own rows and the phones of its own patients; another practice and nobody see nothing', async () => {
    await worker.query(`INSERT INTO patient VALUES ('${patient}', 'harbor', 'en', 'America/New_York', 'sealed', '21:00', '08:00', false, false)`);
    await worker.query(`INSERT INTO patient_contact VALUES ('${patient}', 'harbor', 'sms', 'idx', 'sealed', true, 0)`);
    await worker.query(`INSERT INTO contact_point (channel, idx) VALUES ('sms', 'idx')`);
    await worker.query(`INSERT INTO message (id, host, booking, patient, class, template, must_reach, channels, visit_start, state, not_before, created_at) VALUES ('${patient}', 'harbor', 'summit', '${patient}', 'answer', 'help', false, '{sms}', now(), 'sent', now(), now())`);
    await worker.query(`INSERT INTO attempt (id, message_id, host, channel, idx, code, state, subjects, template, template_version, language, rules, counted, intent_at, valid_until) VALUES ('${patient}', '${patient}', 'harbor', 'sms', 'idx', 'AAAAA', 'accepted', '[]', 'help', 1, 'en', '{}', false, now(), now())`);
    await worker.query(`INSERT INTO delivery_report (attempt_id, provider_id, status, received_at) VALUES ('${patient}', 'SM1', 'sent', now())`);
    await worker.query(`INSERT INTO template (id, practice, name, language, channel, version, source, state, warnings, made_by, made_at) VALUES ('${patient}', 'harbor', 'help', 'en', 'sms', 1001, 'Call', 'draft', '[]', 'ana', now())`);
    for (const table of ['template', 'patient', 'patient_contact', 'contact_point', 'message', 'attempt', 'delivery_report']) {
      const seen = await Promise.all(['harbor', 'summit', null].map(async (practice) => (await as(practice, `SELECT 1 FROM ${table}`)).length));
      expect([table, ...seen]).toEqual([table, 1, 0, 0]);
    }
  });

  it('P21: the runtime role of people writes nothing of messages, which the worker does, and cannot rewrite a wording that was read', async () => {
    await expect(as('harbor', `UPDATE template SET source = 'x'`)).rejects.toMatchObject({ code: '42501' });
    await expect(as('harbor', `UPDATE contact_point SET opted_out_at = NULL`)).rejects.toMatchObject({ code: '42501' });
    await expect(as('harbor', `DELETE FROM message`)).rejects.toMatchObject({ code: '42501' });
  });
});
