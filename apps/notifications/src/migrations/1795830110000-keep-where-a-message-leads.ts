import type { MigrationInterface, QueryRunner } from 'typeorm';

export class KeepWhereAMessageLeads1795830110000 implements MigrationInterface {
  name = 'KeepWhereAMessageLeads1795830110000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE message ADD COLUMN IF NOT EXISTS page text');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE message DROP COLUMN page');
  }
}
