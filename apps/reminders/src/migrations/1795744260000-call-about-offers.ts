import type { MigrationInterface, QueryRunner } from 'typeorm';

export class CallAboutOffers1795744260000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      -- A call is about a visit, or about a time that is offered until its window ends; visit_start is then when that time begins.
      ALTER TABLE call_list_entry ALTER COLUMN appointment_id DROP NOT NULL, ADD COLUMN offer_id uuid, ADD COLUMN offer_until timestamptz,
        ADD CHECK (num_nonnulls(appointment_id, offer_id) = 1), ADD CHECK ((offer_id IS NULL) = (offer_until IS NULL));
      CREATE UNIQUE INDEX call_list_entry_once_per_offer ON call_list_entry (offer_id) WHERE state <> 'closed';
      DROP INDEX call_list_entry_passed;
      CREATE INDEX call_list_entry_passed ON call_list_entry (least(visit_start, offer_until)) WHERE state <> 'closed';
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DELETE FROM call_list_entry WHERE offer_id IS NOT NULL;
      DROP INDEX call_list_entry_passed;
      ALTER TABLE call_list_entry DROP COLUMN offer_id, DROP COLUMN offer_until, ALTER COLUMN appointment_id SET NOT NULL;
      CREATE INDEX call_list_entry_passed ON call_list_entry (visit_start) WHERE state <> 'closed';
    `);
  }
}
