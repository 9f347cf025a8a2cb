import { protectByTenant } from '@slotmesh/persistence';
import type { MigrationInterface, QueryRunner } from 'typeorm';

export class CountEmptySearches20261128132000 implements MigrationInterface {
  readonly name = 'CountEmptySearches20261128132000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      -- Searches of a practice's desks in one hour that found nothing. What was told stays for a day, so that a search that ends late does not begin that hour anew.
      CREATE TABLE empty_search (
        practice_id text NOT NULL REFERENCES practice, service_code text NOT NULL REFERENCES service, hour timestamptz NOT NULL, searches int NOT NULL CHECK (searches > 0), told boolean NOT NULL DEFAULT false,
        PRIMARY KEY (practice_id, service_code, hour)
      );
      CREATE INDEX empty_search_hour ON empty_search (hour);
    `);
    await protectByTenant(runner, 'scheduling', 'empty_search', ['practice_id'], 'SELECT, INSERT, UPDATE');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE empty_search');
  }
}
