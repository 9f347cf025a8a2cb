import type { MigrationInterface, QueryRunner } from 'typeorm';

/** A dispute may be about a service standard; what was measured when it was opened stays with it. */
export class DisputeStandards20261127150430 implements MigrationInterface {
  name = 'DisputeStandards20261127150430';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE dispute ADD COLUMN standard text, ADD COLUMN measured jsonb, ADD CHECK ((standard IS NULL) = (measured IS NULL))');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE dispute DROP COLUMN standard, DROP COLUMN measured');
  }
}
