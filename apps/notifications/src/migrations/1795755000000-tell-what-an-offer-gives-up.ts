import type { MigrationInterface, QueryRunner } from 'typeorm';

export class TellWhatAnOfferGivesUp1795755000000 implements MigrationInterface {
  name = 'TellWhatAnOfferGivesUp1795755000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE visit ADD COLUMN gives_up_at timestamptz, ADD COLUMN gives_up_zone text, ADD CONSTRAINT visit_gives_up CHECK ((gives_up_at IS NULL) = (gives_up_zone IS NULL))');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE visit DROP COLUMN gives_up_at, DROP COLUMN gives_up_zone');
  }
}
