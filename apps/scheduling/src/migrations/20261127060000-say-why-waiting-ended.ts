import type { MigrationInterface, QueryRunner } from 'typeorm';

export class SayWhyWaitingEnded20261127060000 implements MigrationInterface {
  name = 'SayWhyWaitingEnded20261127060000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`ALTER TABLE waitlist_entry ADD COLUMN end_reason text CHECK (end_reason IN ('deceased'))`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE waitlist_entry DROP COLUMN end_reason');
  }
}
