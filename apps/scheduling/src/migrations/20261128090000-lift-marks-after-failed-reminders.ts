import { protectByTenant } from '@slotmesh/persistence';
import type { MigrationInterface, QueryRunner } from 'typeorm';

export class LiftMarksAfterFailedReminders20261128090000 implements MigrationInterface {
  name = 'LiftMarksAfterFailedReminders20261128090000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      -- What reminders says of a visit, as long as it says it; a mark that is set later finds it here.
      CREATE TABLE reminder_failure (appointment_id uuid PRIMARY KEY REFERENCES appointment, practice_id text NOT NULL REFERENCES practice, revision int NOT NULL, reason text NOT NULL, told_at timestamptz NOT NULL);
      ALTER TABLE patient_mark ADD COLUMN lifted_at timestamptz, ADD COLUMN lifted_because text, ADD CONSTRAINT patient_mark_lifted CHECK ((lifted_at IS NULL) = (lifted_because IS NULL));
    `);
    await protectByTenant(runner, 'scheduling', 'reminder_failure', ['practice_id'], 'SELECT');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE patient_mark DROP COLUMN lifted_at, DROP COLUMN lifted_because; DROP TABLE reminder_failure');
  }
}
