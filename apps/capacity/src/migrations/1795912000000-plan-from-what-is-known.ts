import { runtimeRoles } from '@slotmesh/persistence';
import type { MigrationInterface, QueryRunner } from 'typeorm';

export class PlanFromWhatIsKnown1795912000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    const { app, worker } = runtimeRoles('capacity');
    await runner.query(`
      -- A plan has inputs that somebody gave, or "known", which was taken from what is known of its practices for what was "asked". The app role writes "known" and can never read it, because partners' demand is in it (P18).
      ALTER TABLE quota_plan ALTER COLUMN inputs DROP NOT NULL, ADD COLUMN asked jsonb, ADD COLUMN known jsonb, ADD CHECK (num_nonnulls(inputs, known) = 1 AND (asked IS NULL) = (known IS NULL));
      CREATE INDEX quota_plan_made ON quota_plan (made_at, id);
      REVOKE SELECT, INSERT ON quota_plan FROM ${app};
      GRANT SELECT (id, practices, made_by, made_at, inputs, solution, asked), INSERT ON quota_plan TO ${app};
      -- What is old is forgotten.
      GRANT DELETE ON quota_plan TO ${worker};
      CREATE INDEX what_if_ended ON what_if (ended_at) WHERE ended_at IS NOT NULL;
      CREATE INDEX trial_what_if ON trial (what_if);
    `);
  }

  async down(): Promise<void> {
    throw new Error('there is no way back: plans that were taken from what is known would be lost');
  }
}
