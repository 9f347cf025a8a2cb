import { TENANT, runtimeRoles } from '@slotmesh/persistence';
import type { MigrationInterface, QueryRunner } from 'typeorm';

export class TryWhatIfs1795900100000 implements MigrationInterface {
  name = 'TryWhatIfs1795900100000';

  async up(runner: QueryRunner): Promise<void> {
    const { app, worker } = runtimeRoles('capacity');
    await runner.query(`
      -- A question to the simulator and what became of it. "task" is all that the simulation needs, with what is known of partners: the app role writes it and can never read it (P18).
      -- practice null: asked by the network's operator, under the worker role. A run belongs to "runner" until "lease_until"; then another process may begin it again.
      CREATE TABLE what_if (id uuid PRIMARY KEY, practice text, asked_by text NOT NULL, asked_at timestamptz NOT NULL, question jsonb NOT NULL, task jsonb NOT NULL,
        state text NOT NULL DEFAULT 'queued' CHECK (state IN ('queued', 'running', 'done', 'cancelled', 'failed')), done int NOT NULL DEFAULT 0, total int NOT NULL, answer jsonb, failure text,
        runner uuid, lease_until timestamptz, attempts int NOT NULL DEFAULT 0, ended_at timestamptz, CHECK ((state = 'done') = (answer IS NOT NULL)));
      CREATE INDEX what_if_open ON what_if (asked_at) WHERE state IN ('queued', 'running');
      CREATE INDEX what_if_practice ON what_if (practice, asked_at);
      ALTER TABLE what_if ENABLE ROW LEVEL SECURITY; ALTER TABLE what_if FORCE ROW LEVEL SECURITY;
      CREATE POLICY what_if_tenant ON what_if TO ${app} USING (practice = ${TENANT}) WITH CHECK (practice = ${TENANT});
      CREATE POLICY what_if_worker ON what_if TO ${worker} USING (true) WITH CHECK (true);
      CREATE POLICY what_if_owner ON what_if TO CURRENT_USER USING (true) WITH CHECK (true);
      GRANT SELECT (id, practice, asked_by, asked_at, question, state, done, total, answer, failure, ended_at), INSERT (id, practice, asked_by, asked_at, question, task, total), UPDATE (state, ended_at) ON what_if TO ${app};
      GRANT SELECT, INSERT, UPDATE, DELETE ON what_if TO ${worker};
    `);
  }

  async down(): Promise<void> {
    throw new Error('there is no way back: questions and their answers would be lost');
  }
}
