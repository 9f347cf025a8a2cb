import type { MigrationInterface, QueryRunner } from 'typeorm';

export class LetSessionsOverbook20261127010200 implements MigrationInterface {
  name = 'LetSessionsOverbook20261127010200';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`ALTER TABLE availability ADD COLUMN overbook jsonb`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`ALTER TABLE availability DROP COLUMN overbook`);
  }
}
