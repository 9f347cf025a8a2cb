import { TENANT, runtimeRoles } from '@slotmesh/persistence';
import type { MigrationInterface, QueryRunner } from 'typeorm';

export class KeepTrials1795900110000 implements MigrationInterface {
  name = 'KeepTrials1795900110000';

  async up(runner: QueryRunner): Promise<void> {
    const { app, worker } = runtimeRoles('capacity');
    await runner.query(`
      -- A year of a candidate practice as counts of days and rates. There is no column for a visit or a person. practice null: loaded by the network's operator, under the worker role.
      CREATE TABLE trial (id uuid PRIMARY KEY, practice text, loaded_by text NOT NULL, loaded_at timestamptz NOT NULL, what_if uuid NOT NULL REFERENCES what_if, request_hash text NOT NULL, lines integer NOT NULL, unread_lines integer NOT NULL, days jsonb NOT NULL, rates jsonb NOT NULL);
      CREATE INDEX trial_practice ON trial (practice);
      ALTER TABLE trial ENABLE ROW LEVEL SECURITY; ALTER TABLE trial FORCE ROW LEVEL SECURITY;
      CREATE POLICY trial_tenant ON trial TO ${app} USING (practice = ${TENANT}) WITH CHECK (practice = ${TENANT});
      CREATE POLICY trial_worker ON trial TO ${worker} USING (true) WITH CHECK (true);
      CREATE POLICY trial_owner ON trial TO CURRENT_USER USING (true) WITH CHECK (true);
      GRANT SELECT, INSERT, DELETE ON trial TO ${app}, ${worker};
      -- What was simulated of a trial is forgotten with it.
      GRANT DELETE ON what_if TO ${app};
    `);
  }

  async down(): Promise<void> {
    throw new Error('there is no way back: trials would be lost');
  }
}
