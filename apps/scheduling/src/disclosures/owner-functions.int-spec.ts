import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type LocalDate, instantOfDate, newId } from '@slotmesh/kernel';
import { type TestDatabase, freshDatabase } from '@slotmesh/testing';
import fc from 'fast-check';
import { Client } from 'pg';
import { migrations } from '../migrations';
import { type SharedData, profiles, purposes, sharedUntil } from './domain/data-sharing';

const RECORD = join(__dirname, '../../../../docs/adr/0015-what-of-patients-crosses-practices.md');

describe('functions that run as the owner', () => {
  let database: TestDatabase;
  let admin: Client;

  beforeAll(async () => {
    database = await freshDatabase('scheduling', migrations);
    admin = new Client({ connectionString: database.adminUrl });
    await admin.connect();
  });
  afterAll(async () => {
    await admin?.end();
    await database?.drop();
  });

  it('P21: each is named in the table of what crosses from practice to practice, and the table names none that is gone', async () => {
    const { rows } = await admin.query<{ name: string }>(`SELECT DISTINCT proname AS name FROM pg_proc WHERE pronamespace = 'public'::regnamespace AND prosecdef AND NOT EXISTS (SELECT 1 FROM pg_depend d WHERE d.objid = pg_proc.oid AND d.deptype = 'e') ORDER BY 1`);
    const named = new Set([...(await readFile(RECORD, 'utf8')).matchAll(/`([a-z_]+)`/g)].map(([, name]) => name!));
    expect(rows.map(({ name }) => name).filter((name) => !named.has(name))).toEqual([]);
    const known = new Set((await admin.query<{ name: string }>(`SELECT proname AS name FROM pg_proc WHERE pronamespace = 'public'::regnamespace`)).rows.map(({ name }) => name));
    expect([...named].filter((name) => name.includes('_') && !known.has(name))).toEqual([]);
  });

  it('P21: whatever lets a record of a patient go asks what the agreement lets go', async () => {
    const writers = ['record_for_host', 'register_guest_patient', 'host_key', 'host_patient_key', 'given_records', 'change_given_record', 'emergency_patient_of'];
    const { rows } = await admin.query<{ name: string }>(`SELECT proname AS name FROM pg_proc WHERE pronamespace = 'public'::regnamespace AND prosecdef AND prosrc LIKE '%data_shared(%' ORDER BY 1`);
    expect(rows.map(({ name }) => name)).toEqual([...writers].sort());
    // Every owner function that reads sealed or wrapped data of other practices is one of them, or asks whether an emergency access runs, which began by one of them.
    const readers = await admin.query<{ name: string }>(`SELECT proname AS name FROM pg_proc WHERE pronamespace = 'public'::regnamespace AND prosecdef AND prosrc LIKE '%wrapped_key%' AND proname <> 'known_person' AND prosrc NOT LIKE '%emergency_access_runs(%' ORDER BY 1`);
    expect(readers.rows.map(({ name }) => name).filter((name) => !writers.includes(name))).toEqual([]);
  });

  it('P7: the database and the pure function agree on what a version lets go, at every instant around its last dates', async () => {
    await admin.query(`INSERT INTO practice (id, name, zone, phone, email, sender_number) VALUES ('one', 'One', 'UTC', '1', 'a', '1'), ('two', 'Two', 'UTC', '2', 'b', '2'), ('three', 'Three', 'UTC', '3', 'c', '3')`);
    const partnership = newId();
    await admin.query(`INSERT INTO partnership (id, name) VALUES ($1, 'P')`, [partnership]);
    const date = fc.constantFrom('2027-02-27', '2027-02-28', '2027-03-01').map((text) => text as LocalDate);
    const entry: fc.Arbitrary<SharedData> = fc.record({ purpose: fc.constantFrom(...purposes), profile: fc.constantFrom(...profiles), until: fc.option(date) });
    const instant = fc.constantFrom('2027-02-27T00:00:00Z', '2027-02-27T23:59:59.999Z', '2027-02-28T00:00:00Z', '2027-02-28T23:59:59.999Z', '2027-03-01T00:00:00Z', '2027-03-01T12:00:00Z', '2027-03-02T00:00:00Z').map((text) => new Date(text));
    await fc.assert(fc.asyncProperty(fc.option(fc.array(entry, { maxLength: 6 })), fc.constantFrom(...purposes), fc.constantFrom(...profiles), instant, async (shared, purpose, profile, at) => {
      const id = newId();
      await admin.query(`INSERT INTO agreement (id, partnership_id, version, practices, drafted_for) VALUES ($1, $2, 1, '{one,two}', 'one')`, [id, partnership]);
      await admin.query(`INSERT INTO agreement_version (agreement_id, version, status, practices, effective_from, terms, drafted_for, authors, drafted_at) VALUES ($1, 1, 'in-force', '{one,two}', '2027-01-01', $2::jsonb, 'one', '{}', '2027-01-01')`, [id, JSON.stringify(shared === null ? {} : { dataSharing: shared })]);
      const ask = async (guest: string): Promise<boolean> => (await admin.query<{ lets: boolean }>('SELECT data_shared($1, $2, $3, $4, $5, $6) AS lets', [id, 'one', guest, at, purpose, profile])).rows[0]!.lets;
      const end = sharedUntil(shared, purpose, profile);
      expect([await ask('two'), await ask('three')]).toEqual([end === null || instantOfDate(at) < end, false]);
    }), { numRuns: 300 });
  });
});
