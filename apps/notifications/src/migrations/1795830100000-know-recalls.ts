import { protectByTenant } from '@slotmesh/persistence';
import type { MigrationInterface, QueryRunner } from 'typeorm';

export class KnowRecalls1795830100000 implements MigrationInterface {
  name = 'KnowRecalls1795830100000';

  async up(runner: QueryRunner): Promise<void> {
    // Why not a visit: it has no time, no place and nobody whom it is with.
    await runner.query('CREATE TABLE recall (id uuid PRIMARY KEY, host text NOT NULL, patient uuid NOT NULL, revision int NOT NULL, open boolean NOT NULL)');
    await protectByTenant(runner, 'notifications', 'recall', ['host'], 'SELECT');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE recall');
  }
}
