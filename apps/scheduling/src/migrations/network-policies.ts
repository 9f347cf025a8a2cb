import { TENANT, runtimeRoles } from '@slotmesh/persistence';
import type { QueryRunner } from 'typeorm';

const { app, worker } = runtimeRoles('scheduling');

/** Practices that share a partnership with the tenant. Membership names practices only and is on the list of tables without a tenant. */
export const NETWORK = `SELECT m.practice_id FROM membership m WHERE m.partnership_id IN (SELECT mine.partnership_id FROM membership mine WHERE mine.practice_id = ${TENANT})`;

/** Read inside the partnership, written by its own practice as far as `grants` go. */
export async function readableInNetwork(runner: QueryRunner, table: string, column: string, grants: string): Promise<void> {
  await runner.query(`
    ALTER TABLE ${table} ENABLE ROW LEVEL SECURITY; ALTER TABLE ${table} FORCE ROW LEVEL SECURITY;
    CREATE POLICY ${table}_network ON ${table} FOR SELECT TO ${app} USING (${column} = ${TENANT} OR ${column} IN (${NETWORK}));
    CREATE POLICY ${table}_own ON ${table} TO ${app} USING (${column} = ${TENANT}) WITH CHECK (${column} = ${TENANT});
    CREATE POLICY ${table}_worker ON ${table} TO ${worker} USING (true) WITH CHECK (true);
    CREATE POLICY ${table}_owner ON ${table} TO CURRENT_USER USING (true) WITH CHECK (true);
    GRANT ${grants} ON ${table} TO ${app}; GRANT SELECT, INSERT, UPDATE, DELETE ON ${table} TO ${worker};
  `);
}
