import { type TestDatabase, freshDatabase } from '@slotmesh/testing';
import { Client } from 'pg';
import { migrations } from '.';

/** Tables that belong to no tenant: those of every service, what practices publish about themselves, and the catalogue. */
const WITHOUT_TENANT = ['audit_seal', 'event_sequence', 'inbox', 'migration', 'outbox', 'outbox_lane', 'parked_event', 'practice', 'read_model', 'service', 'visit_type'];

describe('tables of capacity', () => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await freshDatabase('capacity', migrations);
  });
  afterAll(() => database.drop());

  it('P21: every table forces row-level security or is on the list, and without a tenant the app role reads nothing', async () => {
    const client = new Client({ connectionString: database.appUrl });
    await client.connect();
    try {
      const { rows } = await client.query<{ name: string; forced: boolean }>(`SELECT relname AS name, relrowsecurity AND relforcerowsecurity AS forced FROM pg_class WHERE relkind IN ('r', 'p') AND relnamespace = 'public'::regnamespace ORDER BY relname`);
      expect(rows.filter(({ forced }) => !forced).map(({ name }) => name)).toEqual(WITHOUT_TENANT);
      for (const { name } of rows.filter(({ forced }) => forced)) {
        const { rows: seen } = await client.query(`SELECT FROM ${name}`);
        expect([name, seen.length]).toEqual([name, 0]);
      }
    } finally {
      await client.end();
    }
  });
});
