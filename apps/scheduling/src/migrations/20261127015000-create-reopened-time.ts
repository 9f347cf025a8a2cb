import { protectByTenant } from '@slotmesh/persistence';
import type { MigrationInterface, QueryRunner } from 'typeorm';

export class CreateReopenedTime20261127015000 implements MigrationInterface {
  name = 'CreateReopenedTime20261127015000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      -- A queue: a closure as it was before it was lifted or changed. What of it is open now is offered once, then the row goes.
      CREATE TABLE reopened_time (
        id uuid PRIMARY KEY, practice_id text NOT NULL REFERENCES practice, site_id uuid REFERENCES site, provider_id uuid REFERENCES provider,
        from_date date, to_date date, from_at timestamptz, to_at timestamptz, reopened_at timestamptz NOT NULL
      );
      CREATE INDEX reopened_time_due ON reopened_time (reopened_at);
      -- A round may begin without a visit that was given up.
      ALTER TABLE offer_round ALTER COLUMN freed_by DROP NOT NULL;
    `);
    await protectByTenant(runner, 'scheduling', 'reopened_time', ['practice_id'], 'SELECT, INSERT');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE reopened_time; DELETE FROM offer WHERE round_id IN (SELECT id FROM offer_round WHERE freed_by IS NULL); DELETE FROM offer_round WHERE freed_by IS NULL; ALTER TABLE offer_round ALTER COLUMN freed_by SET NOT NULL');
  }
}
