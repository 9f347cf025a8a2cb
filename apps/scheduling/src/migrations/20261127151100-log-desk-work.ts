import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What named staff of a partner see of patients while they work a list is in the log of disclosures, with the entry of the list. */
export class LogDeskWork20261127151100 implements MigrationInterface {
  name = 'LogDeskWork20261127151100';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`ALTER TABLE disclosure DROP CONSTRAINT disclosure_because_kind_check, ADD CONSTRAINT disclosure_because_kind_check CHECK (because_kind IN ('appointment', 'referral', 'change', 'waitlist-entry', 'offer', 'call', 'reply'))`);
  }

  async down(runner: QueryRunner): Promise<void> {
    throw new Error(`What was disclosed is not forgotten by a migration (${runner.connection.options.type}).`);
  }
}
