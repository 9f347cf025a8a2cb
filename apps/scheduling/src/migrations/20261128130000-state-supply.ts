import { protectByTenant } from '@slotmesh/persistence';
import type { MigrationInterface, QueryRunner } from 'typeorm';

export class StateSupply20261128130000 implements MigrationInterface {
  readonly name = 'StateSupply20261128130000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      -- By what state of calendar and agreements the supply of a practice was last looked at; its row is the lock of who looks.
      CREATE TABLE supply_calendar (practice_id text PRIMARY KEY REFERENCES practice, seen text);
      -- What was stated of each date of a provider that is not over, in short, what it was computed from, and when the next date comes within reach. Why no reference to the provider: what is gone has still to be stated as nothing.
      CREATE TABLE supply_provider (
        provider_id uuid PRIMARY KEY, practice_id text NOT NULL REFERENCES practice, made text, stated jsonb NOT NULL DEFAULT '{}', next_at timestamptz NOT NULL
      );
      CREATE INDEX supply_provider_due ON supply_provider (practice_id, next_at);
    `);
    await protectByTenant(runner, 'scheduling', 'supply_calendar', ['practice_id'], 'SELECT');
    await protectByTenant(runner, 'scheduling', 'supply_provider', ['practice_id'], 'SELECT');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE supply_provider, supply_calendar');
  }
}
