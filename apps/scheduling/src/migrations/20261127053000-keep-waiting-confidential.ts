import type { MigrationInterface, QueryRunner } from 'typeorm';

export class KeepWaitingConfidential20261127053000 implements MigrationInterface {
  name = 'KeepWaitingConfidential20261127053000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      -- As of a visit: no parent, guardian or carer sees what is offered, or what is booked from it.
      ALTER TABLE waitlist_entry ADD COLUMN confidential boolean NOT NULL DEFAULT false;
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE waitlist_entry DROP COLUMN confidential');
  }
}
