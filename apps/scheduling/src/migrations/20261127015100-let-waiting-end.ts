import type { MigrationInterface, QueryRunner } from 'typeorm';

export class LetWaitingEnd20261127015100 implements MigrationInterface {
  name = 'LetWaitingEnd20261127015100';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE waitlist_entry ADD COLUMN until timestamptz;
      UPDATE waitlist_entry SET until = least(added_at + interval '180 days', ((latest + 1) + time '12:00') AT TIME ZONE 'UTC'), latitude = round(latitude::numeric, 2), longitude = round(longitude::numeric, 2);
      ALTER TABLE waitlist_entry ALTER COLUMN until SET NOT NULL, DROP CONSTRAINT waitlist_entry_status_check, ADD CONSTRAINT waitlist_entry_status_check CHECK (status IN ('waiting', 'booked', 'withdrawn', 'expired'));
      CREATE INDEX waitlist_entry_until ON waitlist_entry (until) WHERE status = 'waiting';
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      UPDATE waitlist_entry SET status = 'withdrawn' WHERE status = 'expired';
      ALTER TABLE waitlist_entry DROP COLUMN until, DROP CONSTRAINT waitlist_entry_status_check, ADD CONSTRAINT waitlist_entry_status_check CHECK (status IN ('waiting', 'booked', 'withdrawn'));
    `);
  }
}
