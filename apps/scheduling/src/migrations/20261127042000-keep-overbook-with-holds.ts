import type { MigrationInterface, QueryRunner } from 'typeorm';

export class KeepOverbookWithHolds20261127042000 implements MigrationInterface {
  name = 'KeepOverbookWithHolds20261127042000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`ALTER TABLE hold ADD COLUMN overbook boolean NOT NULL DEFAULT false`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`ALTER TABLE hold DROP COLUMN overbook`);
  }
}
