import { protectByTenant } from '@slotmesh/persistence';
import type { MigrationInterface, QueryRunner } from 'typeorm';

export class KeepFailedReminders1795830010000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    // What was said of a missed visit and stands: told once, and taken back once.
    await runner.query('CREATE TABLE reminder_failure (appointment_id uuid PRIMARY KEY, host text NOT NULL, revision int NOT NULL, reason text NOT NULL, at timestamptz NOT NULL); CREATE INDEX call_list_entry_appointment ON call_list_entry (appointment_id) WHERE appointment_id IS NOT NULL');
    await protectByTenant(runner, 'reminders', 'reminder_failure', ['host'], 'SELECT');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP INDEX call_list_entry_appointment; DROP TABLE reminder_failure');
  }
}
