import type { MigrationInterface, QueryRunner } from 'typeorm';

export class KnowFirstRequests20261128140000 implements MigrationInterface {
  readonly name = 'KnowFirstRequests20261128140000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      -- When it was first asked for, where it goes on from another visit; null: when it was booked. Of moves before this it is not known.
      ALTER TABLE appointment ADD COLUMN asked_at timestamptz CHECK (asked_at <= booked_at);
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE appointment DROP COLUMN asked_at');
  }
}
