import type { MigrationInterface, QueryRunner } from 'typeorm';

export class KnowTextOnlyPatients1795862000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    // False also for those recorded before, until their practice changes the record or the service is built anew from the events.
    await runner.query('ALTER TABLE patient_record ADD COLUMN text_only boolean NOT NULL DEFAULT false');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE patient_record DROP COLUMN text_only');
  }
}
