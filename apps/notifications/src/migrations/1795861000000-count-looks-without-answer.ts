import type { MigrationInterface, QueryRunner } from 'typeorm';

export class CountLooksWithoutAnswer1795861000000 implements MigrationInterface {
  name = 'CountLooksWithoutAnswer1795861000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE attempt ADD COLUMN looks_unanswered smallint NOT NULL DEFAULT 0');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE attempt DROP COLUMN looks_unanswered');
  }
}
