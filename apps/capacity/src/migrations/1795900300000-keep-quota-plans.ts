import { TENANT, runtimeRoles } from '@slotmesh/persistence';
import type { MigrationInterface, QueryRunner } from 'typeorm';

export class KeepQuotaPlans1795900300000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    const { app, worker } = runtimeRoles('capacity');
    await runner.query(`
      -- A plan is never changed. What was asked and what came out stand beside each other, so that it can be solved again.
      CREATE TABLE quota_plan (id uuid PRIMARY KEY, practices text[] NOT NULL, made_by text, made_at timestamptz NOT NULL, inputs jsonb NOT NULL, solution jsonb NOT NULL);
      ALTER TABLE quota_plan ENABLE ROW LEVEL SECURITY; ALTER TABLE quota_plan FORCE ROW LEVEL SECURITY;
      CREATE POLICY quota_plan_party ON quota_plan FOR SELECT TO ${app} USING (${TENANT} = ANY (practices));
      CREATE POLICY quota_plan_maker ON quota_plan FOR INSERT TO ${app} WITH CHECK (made_by = ${TENANT} AND made_by = ANY (practices));
      CREATE POLICY quota_plan_worker ON quota_plan TO ${worker} USING (true) WITH CHECK (true);
      CREATE POLICY quota_plan_owner ON quota_plan TO CURRENT_USER USING (true) WITH CHECK (true);
      GRANT SELECT, INSERT ON quota_plan TO ${app}, ${worker};
    `);
  }

  async down(): Promise<void> {
    throw new Error('there is no way back: plans would be lost');
  }
}
