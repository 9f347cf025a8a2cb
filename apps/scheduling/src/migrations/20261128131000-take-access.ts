import { protectByTenant } from '@slotmesh/persistence';
import type { MigrationInterface, QueryRunner } from 'typeorm';

export class TakeAccess20261128131000 implements MigrationInterface {
  readonly name = 'TakeAccess20261128131000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      -- The last date on which it was looked how long patients wait: at a site, and in the network for a practice. Whoever moves it on takes that date's snapshot, in the same transaction.
      CREATE TABLE access_place (place text PRIMARY KEY, practice_id text NOT NULL REFERENCES practice, last_day date NOT NULL);
    `);
    await protectByTenant(runner, 'scheduling', 'access_place', ['practice_id'], 'SELECT, INSERT, UPDATE');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE access_place');
  }
}
