import { newId } from '@slotmesh/kernel';
import { protectByTenant } from '@slotmesh/persistence';
import type { MigrationInterface, QueryRunner } from 'typeorm';
import { networkPlanSteps } from '../plans/domain/network-plan';

export class PlansThatPeopleEdit1795800000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      -- A row is one version; id is the version's. A plan that is retired has a last version that says so.
      ALTER TABLE reminder_plan ADD COLUMN plan uuid, ADD COLUMN name text NOT NULL DEFAULT 'Reminders', ADD COLUMN visit_type uuid, ADD COLUMN language text,
        ADD COLUMN lead_days_min int, ADD COLUMN lead_days_max int, ADD COLUMN retired boolean NOT NULL DEFAULT false, ADD COLUMN made_by text NOT NULL DEFAULT 'network';
      UPDATE reminder_plan p SET plan = (SELECT o.id FROM reminder_plan o WHERE o.practice IS NOT DISTINCT FROM p.practice ORDER BY o.version LIMIT 1);
      ALTER TABLE reminder_plan ALTER COLUMN plan SET NOT NULL, ALTER COLUMN name DROP DEFAULT, ALTER COLUMN made_by DROP DEFAULT,
        DROP CONSTRAINT reminder_plan_practice_version_key, ADD UNIQUE (plan, version);
      CREATE INDEX reminder_plan_practice ON reminder_plan (practice, plan, version);
      CREATE TABLE visit_type (id uuid PRIMARY KEY, practice text NOT NULL);
      -- null: told before it was kept
      ALTER TABLE appointment ADD COLUMN IF NOT EXISTS visit_type uuid, ADD COLUMN confidential boolean NOT NULL DEFAULT false;
      ALTER TABLE patient_record ADD COLUMN language text;
      CREATE INDEX appointment_ended ON appointment (patient_id, start_at DESC) WHERE status IN ('fulfilled', 'noshow');
    `);
    await protectByTenant(runner, 'reminders', 'visit_type', ['practice'], 'SELECT');
    await runner.query(
      `INSERT INTO reminder_plan (id, plan, practice, version, name, steps, made_by, created_at)
       SELECT $1, plan, NULL, max(version) + 1, 'Reminders of the network', $2, 'network', clock_timestamp() FROM reminder_plan WHERE practice IS NULL GROUP BY plan`,
      [newId(), JSON.stringify(networkPlanSteps)],
    );
  }

  async down(): Promise<void> {
    throw new Error('there is no way back: visits are planned by plans and versions that the tables before could not hold');
  }
}
