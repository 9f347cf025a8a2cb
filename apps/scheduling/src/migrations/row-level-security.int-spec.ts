import { randomBytes } from 'node:crypto';
import { SystemClock } from '@slotmesh/kernel';
import { UnitOfWork, createDataSource } from '@slotmesh/persistence';
import { type TestDatabase, freshDatabase } from '@slotmesh/testing';
import { Client } from 'pg';
import { PatientVault } from '../patients/patient-vault';
import { agreement } from '../seed/sample-network';
import { seedSample } from '../seed/seed-sample';
import { migrations } from './index';

/** Tables whose rows belong to no practice, and why that is right. Anything else must be under forced row-level security. */
const WITHOUT_TENANT: Readonly<Record<string, string>> = {
  migration: 'which migrations ran; the runtime roles cannot read it',
  partnership: 'the name of a partnership',
  membership: 'which practice is in which partnership: ids only, the policies themselves read it',
  service: 'the catalogue that partners compare by',
  event_sequence: 'numbers per event key',
  outbox: 'events on their way out; contacts inside are sealed',
  outbox_lane: 'which relay holds which lane',
  inbox: 'how far each key was handled',
  parked_event: 'events that wait for a person; contacts inside are sealed',
  audit_seal: 'hashes of audit rows',
  publication: 'as of when the public openings were computed',
};
/** What partners see of each other; of everything else nothing. */
const SHARED_WITH_PARTNERS = ['agreement', 'agreement_notice', 'agreement_signature', 'agreement_version', 'availability', 'availability_exception', 'calendar_version', 'closure', 'decision', 'decision_conflict', 'decision_task', 'decision_vote', 'dispute', 'dispute_step', 'exit_evidence', 'exit_plan', 'feed_schedule', 'feed_slot', 'feed_source', 'group_session', 'ledger_line', 'member_document', 'occupancy', 'person', 'practice', 'provider', 'provider_visit_type', 'quota_use', 'resource', 'shared_day', 'site', 'visit_type'];
/** Counters of shared quotas and links of persons belong to the partnership: partners write them, too. */
const NETWORK_WRITES = ['quota_use/summit', 'person/summit'];
/** Columns that name a practice to which a row belongs. */
const OWNERS = ['practice_id', 'host_id', 'holder_id', 'booking_id', 'guest_id', 'sender_id', 'receiver_id'];
const ownedBy: Readonly<Record<string, string>> = {
  practice: 't.id = $1',
  agreement: '$1 = ANY (t.practices)',
  agreement_version: '$1 = ANY (t.practices)',
  shared_cost: '$1 = ANY (t.practices)',
  cost_statement: '$1 = ANY (t.practices)',
  exit_evidence: 't.plan_id IN (SELECT p.id FROM exit_plan p WHERE p.practice_id = $1)',
  person: 't.id IN (SELECT p.person_id FROM patient p WHERE p.practice_id = $1)',
  person_time: 't.appointment_id IN (SELECT a.id FROM appointment a WHERE a.host_id = $1)',
};
/** Rows that belong to several practices at once. */
const OF_ALL_PARTIES = ['agreement', 'agreement_version'];
/** A lone practice has no agreement to be seen. */
const NOT_OF_LAKESIDE = ['agreement', 'agreement_notice', 'agreement_signature', 'agreement_version', 'member_document'];

interface Table { readonly name: string; readonly secured: boolean; readonly forced: boolean; readonly owner: string; readonly columns: readonly string[]; readonly written: readonly string[] }

describe('row-level security of scheduling, seen as its runtime role', () => {
  let database: TestDatabase;
  let admin: Client;
  let app: Client;
  let tables: Table[];

  beforeAll(async () => {
    database = await freshDatabase('scheduling', migrations);
    const worker = await createDataSource({ url: database.workerUrl, poolSize: 2, applicationName: 'rls-test' }).initialize();
    await seedSample(new UnitOfWork({ source: 'scheduling', app: worker, worker, clock: new SystemClock() }), new PatientVault(randomBytes(32), randomBytes(32))).finally(() => worker.destroy());
    [admin, app] = [new Client({ connectionString: database.adminUrl }), new Client({ connectionString: database.appUrl })];
    await Promise.all([admin.connect(), app.connect()]);
    for (const practice of ['harbor', 'summit', 'lakeside']) await fillOtherTables(practice);
    tables = (await admin.query<Table>(`SELECT c.relname AS name, c.relrowsecurity AS secured, c.relforcerowsecurity AS forced, pg_get_userbyid(c.relowner) AS owner,
      array_agg(a.attname::text) AS columns, array_agg(a.attname::text) FILTER (WHERE a.attgenerated = '') AS written FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
      WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p', 'v', 'm', 'f') GROUP BY c.oid ORDER BY 1`)).rows;
  });
  afterAll(async () => {
    await Promise.all([admin?.end(), app?.end()]);
    await database?.drop();
  });

  /** Rows that only bookings make, one of each for a practice with itself. */
  async function fillOtherTables(practice: string): Promise<void> {
    await admin.query(`
      WITH who AS (SELECT p.id AS patient, p.person_id AS person, (SELECT id FROM provider WHERE practice_id = '${practice}' ORDER BY id LIMIT 1) AS provider,
        (SELECT id FROM site WHERE practice_id = '${practice}' ORDER BY id LIMIT 1) AS site, (SELECT id FROM visit_type WHERE practice_id = '${practice}' ORDER BY id LIMIT 1) AS type,
        (SELECT id FROM resource WHERE practice_id = '${practice}' ORDER BY id LIMIT 1) AS resource, gen_random_uuid() AS appointment, gen_random_uuid() AS hold, gen_random_uuid() AS entry, gen_random_uuid() AS round
        FROM patient p WHERE p.practice_id = '${practice}' ORDER BY p.id LIMIT 1),
      a AS (INSERT INTO representative (id, practice_id, patient_id, relation, name, may, valid_from) SELECT gen_random_uuid(), '${practice}', patient, 'carer', 'sealed', '{book}', '2026-01-01' FROM who),
      b AS (INSERT INTO disclosure (id, practice_id, to_practice_id, patient_id, purpose, profile, at) SELECT gen_random_uuid(), '${practice}', 'desert', patient, 'treatment', 'booking', now() FROM who),
      c AS (INSERT INTO hold (id, opening, host_id, holder_id, holder_subject, visit_type_id, provider_id, site_id, starts_at, ends_at, placed_at, expires_at)
        SELECT hold, 'o', '${practice}', '${practice}', 's', type, provider, site, now(), now(), now(), now() FROM who),
      d AS (INSERT INTO appointment (id, revision, status, participation, host_id, booking_id, patient_id, person_id, site_id, provider_id, visit_type_id, service_code, modality, zone, starts_at, ends_at, booked_at, booked_by, changed_at)
        SELECT appointment, 1, 'booked', 'needs-action', '${practice}', '${practice}', patient, person, site, provider, type, 'echo', 'in-person', 'UTC', now(), now(), now(), 's', now() FROM who),
      pt AS (INSERT INTO patient_restriction (id, practice_id, patient_id, from_at, set_by) SELECT gen_random_uuid(), '${practice}', patient, now(), 's' FROM who),
      mk AS (INSERT INTO patient_mark (id, practice_id, patient_id, appointment_id, kind, starts_at, zone, marked_at, marked_by) SELECT gen_random_uuid(), '${practice}', patient, appointment, 'no-show', now(), 'UTC', now(), 's' FROM who),
      mf AS (INSERT INTO reminder_failure (appointment_id, practice_id, revision, reason, told_at) SELECT appointment, '${practice}', 1, 'unknown', now() FROM who),
      vf AS (INSERT INTO visit_feedback (appointment_id, practice_id, score, answered_at) SELECT appointment, '${practice}', 4, now() FROM who),
      vt AS (INSERT INTO visit_text (id, appointment_id, practice_id, received_at) SELECT gen_random_uuid(), appointment, '${practice}', now() FROM who),
      p AS (INSERT INTO birth_date_attempt (patient_id, audience, practice_id) SELECT patient, 'patient', '${practice}' FROM who),
      shc AS (INSERT INTO shared_cost (id, agreement_id, practices, cost, paid_by, amount_cents, fell, stated_in, document, sha256, dated, recorded_at, recorded_by)
        VALUES (gen_random_uuid(), '${agreement.id}', '{${practice}}', 'phone', '${practice}', 100, '2027-01', '2027-01', 'd', 'h', '2027-01-01', now(), 's')),
      cs AS (INSERT INTO cost_statement (id, agreement_id, agreement_version, period, practices, state, inputs, inputs_hash, result, result_hash, made_for, made_by, made_at, withdrawn_at, withdrawn_by, withdrawn_because)
        VALUES (gen_random_uuid(), '${agreement.id}', 1, '2027-01', '{${practice}}', 'withdrawn', '{}', 'h', '{}', 'h', '${practice}', 's', now(), now(), 's', 'r') RETURNING id),
      cv AS (INSERT INTO cost_statement_verdict (statement_id, practice_id, practices, verdict, given_by, given_at) SELECT id, '${practice}', '{${practice}}', 'approved', 's', now() FROM cs),
      rf AS (INSERT INTO refusal_count (practice_id, subject, kind, times) VALUES ('${practice}', 's', 'overlap', '{}')),
      rt AS (INSERT INTO refused_time (patient_id, audience, practice_id, starts_at, ends_at) SELECT patient, 'representative:r', '${practice}', now(), now() + interval '1 hour' FROM who),
      e AS (INSERT INTO occupancy (id, host_id, resource_id, during, appointment_id, taken_at) SELECT gen_random_uuid(), '${practice}', resource, tstzrange(now(), now() + interval '1 hour'), appointment, now() FROM who),
      f AS (INSERT INTO person_time (appointment_id, person_id, during) SELECT appointment, person, tstzrange(now(), now() + interval '1 hour') FROM who),
      h AS (INSERT INTO feed_source (id, practice_id, address, published_at, connected_at) VALUES (gen_random_uuid(), '${practice}', 'https://${practice}.example', now(), now()) RETURNING id),
      i AS (INSERT INTO feed_file (id, practice_id, source_id, kind, name, hash, state, reading, report, touched_at) SELECT gen_random_uuid(), '${practice}', id, 'Slot', 'n', 'h', 'taken', 1, '{}', now() FROM h RETURNING id),
      j AS (INSERT INTO feed_schedule (id, practice_id, source_id, external_id, site_id, service_code) SELECT gen_random_uuid(), '${practice}', h.id, 'x', who.site, 'vaccination' FROM h, who RETURNING id),
      k AS (INSERT INTO feed_slot (schedule_id, starts_at, ends_at, practice_id, free, link, file_id, reading) SELECT j.id, now(), now() + interval '1 hour', '${practice}', true, 'https://${practice}.example', i.id, 1 FROM i, j),
      l AS (INSERT INTO waitlist_entry (id, practice_id, patient_id, person_id, service_code, notice_minutes, urgency, channels, added_at, until) SELECT entry, '${practice}', patient, person, 'echo', 60, 'routine', '{sms}', now(), now() FROM who),
      gs AS (INSERT INTO group_session (id, host_id, opening, visit_type_id, provider_id, site_id, starts_at, ends_at, opened_at) SELECT gen_random_uuid(), '${practice}', 'o-${practice}', type, provider, site, now(), now(), now() FROM who),
      q AS (INSERT INTO reopened_time (id, practice_id, site_id, from_at, to_at, reopened_at) SELECT gen_random_uuid(), '${practice}', site, now(), now(), now() FROM who),
      m AS (INSERT INTO offer_round (id, host_id, visit_type_id, provider_id, site_id, starts_at, ends_at, freed_by, freed_at, next_at) SELECT round, '${practice}', type, provider, site, now(), now(), appointment, now(), now() FROM who),
      n AS (INSERT INTO offer (id, round_id, entry_id, practice_id, host_id, patient_id, channels, offered_at, expires_at) SELECT gen_random_uuid(), round, entry, '${practice}', '${practice}', patient, '{sms}', now(), now() FROM who),
      o AS (INSERT INTO referral (id, status, sender_id, outside, patient_id, service_code, urgency, needs_authorisation, zone, sent_at, sent_by, since, due_at, waits_for, sender_key, sealed_letter)
        SELECT gen_random_uuid(), 'sent', '${practice}', '{}', patient, 'echo', 'routine', false, 'UTC', now(), 's', now(), now(), 'sender', 'wrapped', 'sealed' FROM who),
      se AS (INSERT INTO series (id, host_id, booking_id, rule, zone, booked_at, booked_by) VALUES (gen_random_uuid(), '${practice}', '${practice}', 'FREQ=WEEKLY;COUNT=2', 'UTC', now(), 's')),
      vc AS (INSERT INTO visit_chain (id, booking_id, gaps, booked_at, booked_by) VALUES (gen_random_uuid(), '${practice}', '[]', now(), 's')),
      ab AS (INSERT INTO absence (id, practice_id, provider_id, from_date, to_date, reason, closed_at, closed_by) SELECT gen_random_uuid(), '${practice}', provider, '2027-01-01', '2027-01-01', 'r', now(), 's' FROM who RETURNING id),
      r AS (INSERT INTO absence_visit (absence_id, appointment_id, practice_id, starts_at) SELECT ab.id, who.appointment, '${practice}', now() FROM ab, who),
      pr AS (INSERT INTO published_resource (kind, id, practice_id, body, from_at) VALUES ('Location', '${practice}', '${practice}', '{}', now())),
      ch AS (INSERT INTO practice_change (practice_id, number, type, entity_id, at) VALUES ('${practice}', 1, 't', 'e', now())),
      wh AS (INSERT INTO webhook_subscription (id, practice_id, url, event_types, sealed_secret, created_at) VALUES (gen_random_uuid(), '${practice}', 'https://${practice}.example', '{}', 'sealed', now()) RETURNING id),
      wd AS (INSERT INTO webhook_delivery (subscription_id, event_id, practice_id, type, subject, sequence, time, data) SELECT id, gen_random_uuid(), '${practice}', 't', 's', 1, now(), '{}' FROM wh),
      sd AS (INSERT INTO shared_day (id, agreement_id, practice_id, day, next_at) VALUES (gen_random_uuid(), '${agreement.id}', '${practice}', '2027-01-01', now())),
      hc AS (INSERT INTO shared_calendar (agreement_id, practice_id, next_at) VALUES ('${agreement.id}', '${practice}', now())),
      sc AS (INSERT INTO supply_calendar (practice_id, seen) VALUES ('${practice}', 's')),
      sp AS (INSERT INTO supply_provider (provider_id, practice_id, next_at) SELECT provider, '${practice}', now() FROM who),
      ap AS (INSERT INTO access_place (place, practice_id, last_day) VALUES ('${practice}-place', '${practice}', '2027-01-01')),
      es AS (INSERT INTO empty_search (practice_id, service_code, hour, searches) VALUES ('${practice}', 'echo', now(), 1)),
      ll AS (INSERT INTO ledger_line (posting_id, side, agreement_id, practice_id, account, minutes, host_id, day, at, cause_kind, cause_id, step, part)
        SELECT cause, side, '${agreement.id}', '${practice}', account, side * 60, '${practice}', '2027-01-01', now(), 'shared-day', cause, 1, 0 FROM (SELECT gen_random_uuid() AS cause) c, (VALUES (-1, 'capacity'), (1, 'pool')) AS l(side, account)),
      an AS (INSERT INTO agreement_notice (agreement_id, practice_id, practices, reason, given_by, given_at) SELECT '${agreement.id}', '${practice}', '{desert,harbor,summit}', 'r', 's', now() WHERE '${practice}' <> 'lakeside'),
      ep AS (INSERT INTO exit_plan (id, partnership_id, practice_id, practices, reason, given_by, given_at) SELECT gen_random_uuid(), p.id, '${practice}', CASE WHEN '${practice}' = 'lakeside' THEN '{lakeside}'::text[] ELSE '{desert,harbor,summit}' END, 'r', 's', now() FROM partnership p LIMIT 1 RETURNING id, practices),
      ee AS (INSERT INTO exit_evidence (plan_id, item, practices, evidence, given_by, given_at) SELECT id, 'patients-told', practices, 'e', 's', now() FROM ep),
      ev AS (INSERT INTO exit_visit (plan_id, appointment_id, host_id, booking_id, honoured_by, honoured_at) SELECT ep.id, who.appointment, '${practice}', '${practice}', 's', now() FROM ep, who),
      ex AS (INSERT INTO exit_export (plan_id, practice_id, content, format, rows, sha256, made_at, made_by) SELECT id, '${practice}', 'patients', 'csv', 1, 'h', now(), 's' FROM ep),
      dn AS (INSERT INTO decision (id, partnership_id, practice_id, practices, title, motion, kind, quorum, threshold, weights, moved_by, moved_at, opens_at, due_at)
        SELECT gen_random_uuid(), p.id, '${practice}', CASE WHEN '${practice}' = 'lakeside' THEN '{lakeside}'::text[] ELSE '{desert,harbor,summit}' END, 't', 'm', 'ordinary', 50, 50, '{}', 's', now(), now(), now() + interval '1 hour' FROM partnership p LIMIT 1 RETURNING id, practices),
      di AS (INSERT INTO dispute (id, agreement_id, practice_id, against_id, practices, matter, opened_by, opened_at, due_at)
        SELECT gen_random_uuid(), '${agreement.id}', '${practice}', 'desert', CASE WHEN '${practice}' = 'lakeside' THEN '{lakeside}'::text[] ELSE '{harbor,summit}' END, 'm', 's', now(), now() RETURNING id, practices),
      ds AS (INSERT INTO dispute_step (dispute_id, step, practice_id, practices, text, done_by, done_at, due_at) SELECT id, 'answer', '${practice}', practices, 't', 's', now(), now() FROM di),
      em AS (INSERT INTO emergency_access (id, practice_id, host_id, agreement_id, patient_id, begun_by, begun_at, ends_at, reason_for_practice, reason_for_host)
        SELECT gen_random_uuid(), '${practice}', 'desert', '${agreement.id}', patient, 's', now() - interval '1 minute', now() + interval '1 hour', 'sealed', 'sealed' FROM who),
      dv AS (INSERT INTO decision_vote (decision_id, practice_id, practices, vote, cast_by, cast_at) SELECT id, '${practice}', practices, 'yes', 's', now() FROM dn),
      dc AS (INSERT INTO decision_conflict (decision_id, practice_id, practices, reason, declared_by, declared_at) SELECT id, '${practice}', practices, 'r', 's', now() FROM dn),
      dt AS (INSERT INTO decision_task (id, decision_id, practice_id, practices, what, due_on, added_by, added_at) SELECT gen_random_uuid(), id, '${practice}', practices, 'w', '2027-01-01', 's', now() FROM dn),
      g AS (INSERT INTO quota_use (id, agreement_id, rule, host_id, day) VALUES (gen_random_uuid(), '${agreement.id}', 'r', '${practice}', '2027-01-01'))
      INSERT INTO idempotency (practice_id, subject, key, request_hash, at) VALUES ('${practice}', 's', 'k', '\\x00', now())`);
  }

  const ofTenant = (table: Table): boolean => !(table.name in WITHOUT_TENANT);
  const ownership = (table: Table): string => ownedBy[table.name] ?? `(${OWNERS.filter((column) => table.columns.includes(column)).map((column) => `t.${column} = $1`).join(' OR ')})`;
  const rowsOf = async (table: Table, practice: string): Promise<string[]> => (await admin.query<{ row: string }>(`SELECT to_jsonb(t)::text AS row FROM ${table.name} t WHERE ${ownership(table)}`, [practice])).rows.map(({ row }) => row);

  /** Runs as the application does: one transaction with a tenant, rolled back. A refused table is as good as an empty one. */
  async function as<T>(tenant: string | null, fn: () => Promise<T>): Promise<T | 'refused'> {
    await app.query('BEGIN');
    try {
      if (tenant !== null) await app.query(`SELECT set_config('slotmesh.tenant', $1, true)`, [tenant]);
      return await fn();
    } catch (error) {
      if (error instanceof Error && 'code' in error && error.code === '42501') return 'refused';
      throw error;
    } finally {
      await app.query('ROLLBACK');
    }
  }
  const seen = async (tenant: string | null, table: Table): Promise<string[]> => {
    const rows = await as(tenant, async () => (await app.query<{ row: string }>(`SELECT to_jsonb(t)::text AS row FROM ${table.name} t`)).rows.map(({ row }) => row));
    return rows === 'refused' ? [] : rows;
  };

  it('P21: the runtime roles are neither owners nor superusers, and cannot step around policies', async () => {
    const { rows } = await admin.query(`SELECT rolname, rolsuper, rolbypassrls, rolcreaterole FROM pg_roles WHERE rolname IN ('scheduling_app', 'scheduling_worker', 'scheduling_owner') ORDER BY 1`);
    expect(rows).toHaveLength(3);
    for (const role of rows) expect(role).toMatchObject({ rolsuper: false, rolbypassrls: false, rolcreaterole: false });
    expect(new Set(tables.map(({ owner }) => owner))).toEqual(new Set(['scheduling_owner']));
    const everybody = await admin.query(`SELECT polname FROM pg_policy WHERE polroles = '{0}'`);
    expect(everybody.rows).toEqual([]);
  });

  it('P21: every table is under forced row-level security or stands on the list of tables without a tenant, and the list names no table that is gone', () => {
    expect(tables.filter((table) => ofTenant(table) && !(table.secured && table.forced)).map(({ name }) => name)).toEqual([]);
    expect(Object.keys(WITHOUT_TENANT).filter((name) => !tables.some((table) => table.name === name))).toEqual([]);
    expect(tables.filter((table) => ofTenant(table) && !(table.name in ownedBy) && !OWNERS.some((column) => table.columns.includes(column))).map(({ name }) => name)).toEqual([]);
    expect(tables.filter(ofTenant).length).toBeGreaterThan(20);
  });

  it('P21: without a tenant, with an empty one and with one that nobody knows, no table shows a row', async () => {
    for (const table of tables.filter(ofTenant)) {
      for (const tenant of [null, '', 'nobody']) expect({ table: table.name, tenant, rows: await seen(tenant, table) }).toEqual({ table: table.name, tenant, rows: [] });
    }
  });

  it('P21: no table shows harbor a row of lakeside or lakeside a row of harbor', async () => {
    for (const table of tables.filter(ofTenant)) {
      for (const [viewer, other] of [['harbor', 'lakeside'], ['lakeside', 'harbor']] as const) {
        const foreign = await rowsOf(table, other);
        const provable = foreign.length > 0 || (NOT_OF_LAKESIDE.includes(table.name) && other === 'lakeside');
        expect({ table: table.name, of: other, provable, otherwise: 'an empty table proves nothing: give it a row in fillOtherTables' }).toMatchObject({ provable: true });
        const visible = new Set(await seen(viewer, table));
        expect({ table: table.name, viewer, shown: foreign.filter((row) => visible.has(row)).length }).toMatchObject({ shown: 0 });
      }
    }
  });

  it('P21: of a partner a practice sees what is shared and nothing else', async () => {
    const shown: string[] = [];
    for (const table of tables.filter(ofTenant)) {
      const visible = new Set(await seen('harbor', table));
      const own = new Set(await rowsOf(table, 'harbor'));
      if ((await rowsOf(table, 'summit')).some((row) => visible.has(row) && !own.has(row))) shown.push(table.name);
      else if (OF_ALL_PARTIES.includes(table.name)) shown.push(table.name);
    }
    expect(shown).toEqual(SHARED_WITH_PARTNERS);
  });

  it('P21: no table lets harbor add, change or remove a row of lakeside or of summit', async () => {
    for (const table of tables.filter((one) => ofTenant(one) && !OF_ALL_PARTIES.includes(one.name))) {
      for (const other of ['lakeside', 'summit']) {
        const [row] = (await rowsOf(table, other)).filter((text) => !text.includes('"harbor"'));
        const inserted = await as('harbor', async () => app.query(`INSERT INTO ${table.name} (${table.written.join(', ')}) OVERRIDING SYSTEM VALUE SELECT ${table.written.join(', ')} FROM jsonb_populate_record(NULL::${table.name}, $1::jsonb)`, [row]).then(
          () => 'inserted', (error: Error & { code?: string }) => (error.code === '42501' || (NETWORK_WRITES.includes(`${table.name}/${other}`) && error.code === '23505') ? 'refused' : `failed otherwise: ${error.message}`)));
        expect({ table: table.name, other, inserted }).toEqual({ table: table.name, other, inserted: 'refused' });
        const column = table.columns.find((name) => [...OWNERS, 'id'].includes(name)) ?? table.columns[0]!;
        for (const sql of [`DELETE FROM ${table.name} AS t`, `UPDATE ${table.name} AS t SET ${column} = ${column}`]) {
          const touched = await as('harbor', async () => (await app.query(`${sql} WHERE to_jsonb(t) = $1::jsonb`, [row])).rowCount);
          const allowed = NETWORK_WRITES.includes(`${table.name}/${other}`) && sql.startsWith('UPDATE');
          expect({ table: table.name, other, sql, touched: touched === 'refused' ? 0 : touched }).toEqual({ table: table.name, other, sql, touched: allowed ? expect.any(Number) : 0 });
        }
      }
    }
  });

  it('P21: functions that run as the owner name their schema and refuse what no agreement opens', async () => {
    const { rows } = await admin.query(`SELECT proname FROM pg_proc WHERE pronamespace = 'public'::regnamespace AND prosecdef AND NOT coalesce(proconfig::text LIKE '%search_path=public%', false)`);
    expect(rows).toEqual([]);
    const [lakesideResource] = (await admin.query<{ id: string }>(`SELECT id FROM resource WHERE practice_id = 'lakeside'`)).rows;
    const [patient] = (await admin.query<{ person_id: string }>(`SELECT person_id FROM patient WHERE practice_id = 'lakeside'`)).rows;
    expect(await as('harbor', () => app.query('SELECT lock_resources(ARRAY[$1::uuid])', [lakesideResource!.id]))).toBe('refused');
    expect(await as('harbor', async () => (await app.query(`SELECT host_key('lakeside', $1, now(), 'booking') AS key`, [agreement.id])).rows)).toEqual([{ key: null }]);
    expect(await as('lakeside', async () => (await app.query(`SELECT host_key('harbor', $1, now(), 'booking') AS key`, [agreement.id])).rows)).toEqual([{ key: null }]);
    const [lakesidePatient] = (await admin.query<{ id: string }>(`SELECT id FROM patient WHERE practice_id = 'lakeside' ORDER BY id LIMIT 1`)).rows;
    const [harborPatient] = (await admin.query<{ id: string }>(`SELECT patient_id AS id FROM patient_restriction WHERE practice_id = 'harbor'`)).rows;
    const [summitPatient] = (await admin.query<{ id: string }>(`SELECT id FROM patient WHERE practice_id = 'summit' AND person_id NOT IN (SELECT person_id FROM patient WHERE practice_id = 'harbor') ORDER BY id LIMIT 1`)).rows;
    expect(await as('harbor', async () => (await app.query(`SELECT host_patient_key('lakeside', $1, now(), $2) AS key`, [agreement.id, lakesidePatient!.id])).rows)).toEqual([{ key: null }]);
    expect(await as('harbor', async () => (await app.query(`SELECT host_patient_key('summit', $1, now(), $2) AS key`, [agreement.id, summitPatient!.id])).rows)).toEqual([{ key: null }]);
    expect(await as('harbor', async () => (await app.query(`SELECT record, refusal FROM record_for_host('lakeside', $1, now(), $2, 'booking')`, [agreement.id, harborPatient!.id])).rows)).toEqual([{ record: null, refusal: 'agreement-not-in-force' }]);
    expect(await as('harbor', async () => (await app.query(`SELECT record, refusal FROM record_for_host('summit', $1, now(), $2, 'booking')`, [agreement.id, summitPatient!.id])).rows)).toEqual([{ record: null, refusal: 'agreement-not-in-force' }]);
    expect(await as('summit', async () => (await app.query(`SELECT patient_restricts($1, 'desert') AS seen`, [harborPatient!.id])).rows)).toEqual([{ seen: false }]);
    const visitOf = async (practice: string) => (await admin.query<{ id: string; person_id: string }>(`SELECT id, person_id FROM appointment WHERE host_id = $1`, [practice])).rows[0]!;
    const [ours, theirs] = [await visitOf('lakeside'), await visitOf('harbor')];
    expect(await as('lakeside', () => app.query(`SELECT take_person_time(gen_random_uuid(), $1, now(), now() + interval '1 hour', 0)`, [theirs.person_id]))).toBe('refused');
    expect(await as('lakeside', () => app.query(`SELECT take_person_time($1, $2, now(), now() + interval '1 hour', 0)`, [theirs.id, ours.person_id]))).toBe('refused');
    expect(await as('lakeside', () => app.query('SELECT free_person_time($1)', [theirs.id]))).toBe('refused');
    expect(await as('summit', () => app.query('SELECT free_person_time($1)', [theirs.id]))).toBe('refused');
    expect(await as('lakeside', () => app.query('SELECT free_person_time($1)', [ours.id]))).not.toBe('refused');
    expect(await as('harbor', () => app.query(`SELECT end_expired_holds(ARRAY[$1::uuid], '2020-01-01', '2040-01-01', '2040-01-01')`, [lakesideResource!.id]))).toBe('refused');
    const emergencies = (await admin.query<{ id: string; practice_id: string }>(`SELECT id, practice_id FROM emergency_access WHERE practice_id IN ('harbor', 'summit')`)).rows;
    expect(emergencies).toHaveLength(2);
    for (const { id, practice_id } of emergencies) {
      const running = (tenant: string, subject: string, at: string) => as(tenant, async () => (await app.query(`SELECT emergency_access_runs($1, ${at}) AS runs, set_config('slotmesh.subject', $2, true)`, [id, subject]).then(() => app.query(`SELECT emergency_access_runs($1, ${at}) AS runs`, [id]))).rows);
      expect(await running(practice_id, 's', 'now()')).toEqual([{ runs: true }]);
      for (const [tenant, subject, at] of [['desert', 's', 'now()'], ['lakeside', 's', 'now()'], [practice_id, 'another', 'now()'], [practice_id, '', 'now()'], [practice_id, 's', `now() + interval '2 hours'`]] as const) expect(await running(tenant, subject, at)).toEqual([{ runs: false }]);
      expect(await as('lakeside', async () => (await app.query('SELECT * FROM emergency_patient($1, now()), emergency_visits($1, now())', [id])).rows)).toEqual([]);
    }
    expect(await as('lakeside', async () => (await app.query(`SELECT emergency_patient_of('harbor', $1, now(), name_index, birth_date_index) AS id FROM patient LIMIT 1`, [agreement.id])).rows)).toEqual([{ id: null }]);
    const [offer] = (await admin.query<{ id: string }>(`SELECT id FROM offer WHERE practice_id = 'harbor'`)).rows;
    expect(await as('summit', async () => (await app.query('SELECT * FROM offered_time($1)', [offer!.id])).rows)).toEqual([]);
    expect(await as('harbor', async () => (await app.query('SELECT * FROM offered_time($1)', [offer!.id])).rows)).toHaveLength(1);
    const noted = (tenant: string) => as(tenant, async () => {
      await app.query(`SELECT note_freed_time('00000000-0000-7000-8000-000000000001', $1, '2020-01-01')`, [theirs.id]);
      await app.query(`SELECT set_config('slotmesh.tenant', 'harbor', true)`);
      return (await app.query(`SELECT id FROM offer_round WHERE id = '00000000-0000-7000-8000-000000000001'`)).rows.length;
    });
    expect([await noted('summit'), await noted('harbor')]).toEqual([0, 1]);
    const totals = async (tenant: string) => as(tenant, async () => (await app.query(`SELECT practice, own, used FROM ledger_totals($1, '2027-01-01', '2027-01-31', '2040-01-01', true)`, [agreement.id])).rows);
    expect(await totals('lakeside')).toEqual([]);
    expect(await totals('harbor')).toEqual([{ practice: 'desert', own: false, used: null }, { practice: 'harbor', own: true, used: 0 }, { practice: 'summit', own: false, used: null }]);
    expect(await as('harbor', async () => (await app.query('SELECT id FROM given_records($1, now())', [patient!.person_id])).rows)).toEqual([]);
    expect(await as('lakeside', () => app.query(`SELECT change_given_record($1, now(), '{"practice_id": "harbor"}', 'booking')`, [agreement.id]))).toBe('refused');
    expect(await as('lakeside', () => app.query(`SELECT register_guest_patient('harbor', $1, now(), '{}', 'booking')`, [agreement.id]))).toBe('refused');
    expect(await as('lakeside', async () => (await app.query('SELECT known_person(name_index, birth_date_index, phone_index, email_index) AS person FROM patient LIMIT 1')).rows)).not.toEqual([{ person: null }]);
  });

  it("P21: neither side of a referral can make it another practice's or another patient's, and a third practice sees nothing of it", async () => {
    const [own] = (await admin.query<{ id: string; patient_id: string }>(`SELECT id, patient_id FROM referral WHERE sender_id = 'harbor'`)).rows;
    for (const change of [`sender_id = 'summit'`, `receiver_id = 'desert'`, `patient_id = receiver_patient_id`, `sender_key = 'x'`, `sealed_letter = 'x'`]) expect(await as('harbor', () => app.query(`UPDATE referral SET ${change} WHERE id = $1`, [own!.id]))).toBe('refused');
    expect(await as('harbor', async () => (await app.query(`UPDATE referral SET status = 'cancelled', due_at = NULL, waits_for = NULL WHERE id = $1`, [own!.id])).rowCount)).toBe(1);
    const toSummit = `INSERT INTO referral (id, status, sender_id, receiver_id, agreement_id, patient_id, receiver_patient_id, service_code, urgency, needs_authorisation, zone, sent_at, sent_by, since, due_at, waits_for, sender_key, receiver_key, sealed_letter)
      SELECT gen_random_uuid(), 'sent', 'harbor', 'summit', $1, $2, (SELECT id FROM patient WHERE practice_id = 'summit' LIMIT 1), 'echo', 'routine', false, 'UTC', $3::timestamptz, 's', $3, $3, 'receiver', 'k', 'k', 'sealed'`;
    await admin.query(toSummit, [agreement.id, own!.patient_id, new Date()]);
    const seenBy = async (practice: string) => as(practice, async () => (await app.query(`SELECT 1 FROM referral WHERE receiver_id = 'summit'`)).rowCount);
    expect([await seenBy('harbor'), await seenBy('summit'), await seenBy('desert'), await seenBy('lakeside')]).toEqual([1, 1, 0, 0]);
    expect(await as('harbor', () => app.query(toSummit.replace(`(SELECT id FROM patient WHERE practice_id = 'summit' LIMIT 1)`, '$2'), ['019b0000-0000-7000-8000-000000000000', own!.patient_id, new Date()]))).toBe('refused');
    expect(await as('desert', () => app.query(toSummit.replace(`(SELECT id FROM patient WHERE practice_id = 'summit' LIMIT 1)`, '$2'), [agreement.id, own!.patient_id, new Date()]))).toBe('refused');
  });
});
