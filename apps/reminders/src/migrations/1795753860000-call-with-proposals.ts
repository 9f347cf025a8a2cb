import type { MigrationInterface, QueryRunner } from 'typeorm';

export class CallWithProposals1795753860000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE call_list_entry ADD COLUMN proposals jsonb');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE call_list_entry DROP COLUMN proposals');
  }
}
