import type { MigrationInterface, QueryRunner } from 'typeorm';

export class TellWhenCancellingIsFree1795753800000 implements MigrationInterface {
  name = 'TellWhenCancellingIsFree1795753800000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE visit ADD COLUMN cancel_free_until timestamptz');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE visit DROP COLUMN cancel_free_until');
  }
}
