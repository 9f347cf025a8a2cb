import { protectByTenant, runtimeRoles } from '@slotmesh/persistence';
import type { MigrationInterface, QueryRunner } from 'typeorm';

export class KeepRecommendations1795900600000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    const { app, worker } = runtimeRoles('capacity');
    await runner.query(`
      -- What is due for whom is not kept: how many wait for it is.
      CREATE TABLE recall (id uuid PRIMARY KEY, practice text NOT NULL, kind text NOT NULL, state text NOT NULL, due date NOT NULL, changed_at timestamptz NOT NULL);
      CREATE INDEX recall_due ON recall (practice, due) WHERE state = 'open';

      -- One piece of advice about one thing of one practice; while it is open it says what the numbers of the last look say. What people decided stays, and so does what was expected then.
      CREATE TABLE recommendation (
        id uuid PRIMARY KEY, practice text NOT NULL, kind text NOT NULL, service text, state text NOT NULL CHECK (state IN ('open', 'taken', 'dismissed', 'over')), version int NOT NULL DEFAULT 1,
        made_at timestamptz NOT NULL, looked_at timestamptz NOT NULL, advice jsonb NOT NULL,
        decided_at timestamptz, decided_by text, decided_why text,
        CHECK ((state IN ('taken', 'dismissed')) = (decided_at IS NOT NULL))
      );
      CREATE UNIQUE INDEX recommendation_open ON recommendation (practice, kind, service) NULLS NOT DISTINCT WHERE state = 'open';
      CREATE INDEX recommendation_practice ON recommendation (practice, state);
      -- Which build what is kept of events was made by: one row.
      CREATE TABLE read_model (one boolean PRIMARY KEY DEFAULT true CHECK (one), version int NOT NULL);
      GRANT SELECT, INSERT, UPDATE, DELETE ON read_model TO ${worker};
      GRANT DELETE ON practice, service, visit_type, agreement TO ${worker};
      CREATE TABLE recommendation_turn (practice text PRIMARY KEY, next_at timestamptz NOT NULL);
      GRANT UPDATE (state, version, decided_at, decided_by, decided_why) ON recommendation TO ${app};
    `);
    for (const table of ['recall', 'recommendation', 'recommendation_turn']) await protectByTenant(runner, 'capacity', table, ['practice'], 'SELECT');
  }

  async down(): Promise<void> {
    throw new Error('there is no way back: what people decided would be lost');
  }
}
