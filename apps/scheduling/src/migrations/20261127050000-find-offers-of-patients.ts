import type { MigrationInterface, QueryRunner } from 'typeorm';

export class FindOffersOfPatients20261127050000 implements MigrationInterface {
  name = 'FindOffersOfPatients20261127050000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      -- The patient's page asks at every look.
      CREATE INDEX offer_open_of_patient ON offer (patient_id) WHERE state = 'open';
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP INDEX offer_open_of_patient');
  }
}
