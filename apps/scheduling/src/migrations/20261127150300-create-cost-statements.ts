import { TENANT, runtimeRoles } from '@slotmesh/persistence';
import type { MigrationInterface, QueryRunner } from 'typeorm';

const { app, worker } = runtimeRoles('scheduling');

/** What partners paid for shared costs, and what each bears of them. Nothing here points at a visit, a referral or a patient (P19). */
export class CreateCostStatements20261127150300 implements MigrationInterface {
  readonly name = 'CreateCostStatements20261127150300';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      -- A line is never changed: what was wrong is set right by a further line that says why.
      CREATE TABLE shared_cost (
        id uuid PRIMARY KEY, agreement_id uuid NOT NULL REFERENCES agreement, practices text[] NOT NULL, cost text NOT NULL, paid_by text NOT NULL REFERENCES practice, amount_cents bigint NOT NULL CHECK (amount_cents <> 0),
        fell text NOT NULL, stated_in text NOT NULL CHECK (stated_in >= fell), corrects uuid REFERENCES shared_cost, reason text, document text NOT NULL, sha256 text NOT NULL, dated date NOT NULL, recorded_at timestamptz NOT NULL, recorded_by text NOT NULL,
        CHECK ((corrects IS NULL) = (reason IS NULL)), CHECK (corrects IS NOT NULL OR amount_cents > 0)
      );
      CREATE INDEX shared_cost_stated ON shared_cost (agreement_id, stated_in);
      CREATE INDEX shared_cost_corrects ON shared_cost (corrects) WHERE corrects IS NOT NULL;
      CREATE TABLE cost_statement (
        id uuid PRIMARY KEY, agreement_id uuid NOT NULL REFERENCES agreement, agreement_version int NOT NULL, period text NOT NULL, practices text[] NOT NULL, state text NOT NULL CHECK (state IN ('drafted', 'disputed', 'final', 'withdrawn')),
        inputs jsonb NOT NULL, inputs_hash text NOT NULL, result jsonb NOT NULL, result_hash text NOT NULL, made_for text NOT NULL REFERENCES practice, made_by text NOT NULL, made_at timestamptz NOT NULL,
        final_at timestamptz, withdrawn_at timestamptz, withdrawn_by text, withdrawn_because text,
        CHECK ((state = 'final') = (final_at IS NOT NULL)), CHECK (num_nonnulls(withdrawn_at, withdrawn_by, withdrawn_because) = CASE WHEN state = 'withdrawn' THEN 3 ELSE 0 END)
      );
      CREATE UNIQUE INDEX cost_statement_standing ON cost_statement (agreement_id, period) WHERE state <> 'withdrawn';
      CREATE TABLE cost_statement_verdict (
        statement_id uuid NOT NULL REFERENCES cost_statement, practice_id text NOT NULL REFERENCES practice, practices text[] NOT NULL, verdict text NOT NULL CHECK (verdict IN ('approved', 'disputed')), reason text, given_by text NOT NULL, given_at timestamptz NOT NULL,
        PRIMARY KEY (statement_id, practice_id), CHECK ((verdict = 'disputed') = (reason IS NOT NULL))
      );
    `);
    // Why only these grants: the parties read, and not even the service itself rewrites what was recorded or stated.
    const grants = { shared_cost: 'SELECT, INSERT', cost_statement: 'SELECT, INSERT, UPDATE (state, final_at, withdrawn_at, withdrawn_by, withdrawn_because)', cost_statement_verdict: 'SELECT, INSERT, UPDATE (verdict, reason, given_by, given_at)' };
    for (const [table, granted] of Object.entries(grants)) {
      await runner.query(`
        ALTER TABLE ${table} ENABLE ROW LEVEL SECURITY; ALTER TABLE ${table} FORCE ROW LEVEL SECURITY;
        CREATE POLICY ${table}_party ON ${table} FOR SELECT TO ${app} USING (${TENANT} = ANY (practices));
        CREATE POLICY ${table}_worker ON ${table} TO ${worker} USING (true) WITH CHECK (true);
        CREATE POLICY ${table}_owner ON ${table} TO CURRENT_USER USING (true) WITH CHECK (true);
        GRANT SELECT ON ${table} TO ${app}; GRANT ${granted} ON ${table} TO ${worker};
      `);
    }
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE cost_statement_verdict, cost_statement, shared_cost');
  }
}
