import type { MigrationInterface, QueryRunner } from 'typeorm';

export class OfferAddedHours20261127052010 implements MigrationInterface {
  name = 'OfferAddedHours20261127052010';

  async up(runner: QueryRunner): Promise<void> {
    // Hours that are added every week open many pieces at once; together they are one row, so that who waits is offered one time of them.
    await runner.query(`ALTER TABLE reopened_time ADD COLUMN pieces jsonb, ADD CHECK (pieces IS NULL OR from_at IS NOT NULL)`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`ALTER TABLE reopened_time DROP COLUMN pieces`);
  }
}
