import { TENANT, runtimeRoles } from '@slotmesh/persistence';
import type { MigrationInterface, QueryRunner } from 'typeorm';

const { app, worker } = runtimeRoles('scheduling');

/** Motions of a partnership. Every row names the members of the time when it was moved; they read it, and the worker writes it after the use-case has looked at who acts. */
export class CreateDecisions20261127150400 implements MigrationInterface {
  name = 'CreateDecisions20261127150400';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE decision (
        id uuid PRIMARY KEY, partnership_id uuid NOT NULL REFERENCES partnership, practice_id text NOT NULL REFERENCES practice, practices text[] NOT NULL, title text NOT NULL, motion text NOT NULL,
        kind text NOT NULL CHECK (kind IN ('ordinary', 'membership', 'budget', 'other')), quorum int NOT NULL CHECK (quorum BETWEEN 1 AND 100), threshold int NOT NULL CHECK (threshold BETWEEN 50 AND 100),
        weights jsonb NOT NULL, moved_by text NOT NULL, moved_at timestamptz NOT NULL, opens_at timestamptz NOT NULL, due_at timestamptz NOT NULL CHECK (due_at > opens_at),
        state text NOT NULL DEFAULT 'open' CHECK (state IN ('open', 'carried', 'lost', 'no-quorum', 'withdrawn')), decided_at timestamptz, tally jsonb, departed text[] NOT NULL DEFAULT '{}', withdrawn_reason text,
        CHECK ((state = 'open') = (decided_at IS NULL)), CHECK ((state IN ('open', 'withdrawn')) = (tally IS NULL)), CHECK ((state = 'withdrawn') = (withdrawn_reason IS NOT NULL))
      );
      CREATE INDEX decision_due ON decision (due_at) WHERE state = 'open';
      CREATE TABLE decision_vote (
        decision_id uuid NOT NULL REFERENCES decision, practice_id text NOT NULL, practices text[] NOT NULL, vote text NOT NULL CHECK (vote IN ('yes', 'no', 'abstain')), cast_by text NOT NULL, cast_at timestamptz NOT NULL,
        PRIMARY KEY (decision_id, practice_id)
      );
      CREATE TABLE decision_conflict (
        decision_id uuid NOT NULL REFERENCES decision, practice_id text NOT NULL, practices text[] NOT NULL, reason text NOT NULL, declared_by text NOT NULL, declared_at timestamptz NOT NULL, PRIMARY KEY (decision_id, practice_id)
      );
      CREATE TABLE decision_task (
        id uuid PRIMARY KEY, decision_id uuid NOT NULL REFERENCES decision, practice_id text NOT NULL, practices text[] NOT NULL, what text NOT NULL, due_on date NOT NULL, added_by text NOT NULL, added_at timestamptz NOT NULL,
        evidence text, done_by text, done_at timestamptz, CHECK (num_nonnulls(evidence, done_by, done_at) IN (0, 3))
      );
      CREATE INDEX decision_task_decision ON decision_task (decision_id);
      CREATE INDEX decision_task_open ON decision_task (due_on) WHERE done_at IS NULL;
    `);
    for (const table of ['decision', 'decision_vote', 'decision_conflict', 'decision_task']) {
      await runner.query(`
        ALTER TABLE ${table} ENABLE ROW LEVEL SECURITY; ALTER TABLE ${table} FORCE ROW LEVEL SECURITY;
        CREATE POLICY ${table}_member ON ${table} FOR SELECT TO ${app} USING (${TENANT} = ANY (practices));
        CREATE POLICY ${table}_worker ON ${table} TO ${worker} USING (true) WITH CHECK (true);
        CREATE POLICY ${table}_owner ON ${table} TO CURRENT_USER USING (true) WITH CHECK (true);
        GRANT SELECT ON ${table} TO ${app}; GRANT SELECT, INSERT, UPDATE, DELETE ON ${table} TO ${worker};
      `);
    }
  }

  async down(runner: QueryRunner): Promise<void> {
    throw new Error(`What members decided is not taken back by a migration (${runner.connection.options.type}).`);
  }
}
