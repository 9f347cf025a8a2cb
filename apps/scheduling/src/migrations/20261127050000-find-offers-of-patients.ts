import type { MigrationInterface, QueryRunner } from 'typeorm';

export class FindOffersOfPatients20261127050000 implements MigrationInterface {
  name = 'FindOffersOfPatients20261127050000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      -- The patient's page asks at every look.
      CREATE INDEX offer_open_of_patient ON offer (patient_id) WHERE state = 'open';
      -- In turn, so that a round reads as many as it can ask and not the whole list.
      CREATE INDEX waitlist_entry_in_turn ON waitlist_entry (service_code, array_position('{urgent,soon,routine}'::text[], urgency), added_at) WHERE status = 'waiting';
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP INDEX offer_open_of_patient, waitlist_entry_in_turn');
  }
}
