import type { MigrationInterface, QueryRunner } from 'typeorm';

export class KeepWhatTextsCost1795806000000 implements MigrationInterface {
  name = 'KeepWhatTextsCost1795806000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      -- Millionths of the currency's unit: a segment costs less than a cent.
      ALTER TABLE attempt ADD COLUMN segments smallint, ADD COLUMN cost_micros bigint, ADD COLUMN cost_currency text, ADD CHECK ((cost_micros IS NULL) = (cost_currency IS NULL));
      CREATE INDEX attempt_unpriced ON attempt (host, intent_at) WHERE channel = 'sms' AND state = 'accepted' AND cost_micros IS NULL;
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP INDEX attempt_unpriced; ALTER TABLE attempt DROP COLUMN segments, DROP COLUMN cost_micros, DROP COLUMN cost_currency');
  }
}
