import type { MigrationInterface, QueryRunner } from 'typeorm';

export class RememberBookingReferrals20261127044000 implements MigrationInterface {
  name = 'RememberBookingReferrals20261127044000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      -- Through which publisher the patient found a public time, and by which reference the publisher knows it again.
      ALTER TABLE appointment ADD COLUMN source text, ADD COLUMN booking_referral text, ADD CONSTRAINT appointment_source CHECK (booking_referral IS NULL OR source IS NOT NULL);
      -- Over all practices: a reference stands for one booking, wherever it was made. A desk hears the publisher's name by phone, so its case does not matter.
      CREATE UNIQUE INDEX appointment_booking_referral ON appointment (lower(source), booking_referral) WHERE booking_referral IS NOT NULL;
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE appointment DROP COLUMN booking_referral, DROP COLUMN source');
  }
}
