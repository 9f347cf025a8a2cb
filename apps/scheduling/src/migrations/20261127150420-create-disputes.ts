import { TENANT, runtimeRoles } from '@slotmesh/persistence';
import type { MigrationInterface, QueryRunner } from 'typeorm';

const { app, worker } = runtimeRoles('scheduling');

/** Disputes about an agreement, between two of its parties, whom alone they concern. No column holds money, on purpose: a dispute changes what people do, and nothing that is paid. */
export class CreateDisputes20261127150420 implements MigrationInterface {
  name = 'CreateDisputes20261127150420';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE dispute (
        id uuid PRIMARY KEY, agreement_id uuid NOT NULL REFERENCES agreement, practice_id text NOT NULL REFERENCES practice, against_id text NOT NULL REFERENCES practice, practices text[] NOT NULL, matter text NOT NULL,
        opened_by text NOT NULL, opened_at timestamptz NOT NULL, state text NOT NULL DEFAULT 'open' CHECK (state IN ('open', 'answered', 'met', 'mediated', 'closed')), due_at timestamptz, told_of text,
        agreed_by text, agreed_text text, outcome text CHECK (outcome IN ('agreed', 'withdrawn', 'outside')), closed_by text, closed_at timestamptz, closing text,
        CHECK (against_id <> practice_id), CHECK ((state = 'closed') = (num_nonnulls(outcome, closed_by, closed_at, closing) = 4)), CHECK ((state IN ('mediated', 'closed')) = (due_at IS NULL))
      );
      CREATE INDEX dispute_due ON dispute (due_at) WHERE due_at IS NOT NULL;
      CREATE TABLE dispute_step (
        dispute_id uuid NOT NULL REFERENCES dispute, step text NOT NULL CHECK (step IN ('answer', 'meet', 'mediate')), practice_id text NOT NULL, practices text[] NOT NULL, text text NOT NULL, done_by text NOT NULL, done_at timestamptz NOT NULL,
        due_at timestamptz NOT NULL, PRIMARY KEY (dispute_id, step)
      );
    `);
    for (const table of ['dispute', 'dispute_step']) {
      await runner.query(`
        ALTER TABLE ${table} ENABLE ROW LEVEL SECURITY; ALTER TABLE ${table} FORCE ROW LEVEL SECURITY;
        CREATE POLICY ${table}_party ON ${table} FOR SELECT TO ${app} USING (${TENANT} = ANY (practices));
        CREATE POLICY ${table}_worker ON ${table} TO ${worker} USING (true) WITH CHECK (true);
        CREATE POLICY ${table}_owner ON ${table} TO CURRENT_USER USING (true) WITH CHECK (true);
        GRANT SELECT ON ${table} TO ${app}; GRANT SELECT, INSERT, UPDATE, DELETE ON ${table} TO ${worker};
      `);
    }
  }

  async down(runner: QueryRunner): Promise<void> {
    throw new Error(`What partners argued about is not forgotten by a migration (${runner.connection.options.type}).`);
  }
}
