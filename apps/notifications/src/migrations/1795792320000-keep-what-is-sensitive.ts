import { protectByTenant } from '@slotmesh/persistence';
import type { MigrationInterface, QueryRunner } from 'typeorm';

export class KeepWhatIsSensitive1795792320000 implements MigrationInterface {
  name = 'KeepWhatIsSensitive1795792320000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE site ADD COLUMN sensitive boolean NOT NULL DEFAULT false;
      CREATE TABLE visit_type (id uuid PRIMARY KEY, practice text NOT NULL, sensitive boolean NOT NULL);
      -- null: told before messages had to know it
      ALTER TABLE visit ADD COLUMN visit_type uuid;
    `);
    await protectByTenant(runner, 'notifications', 'visit_type', ['practice'], 'SELECT');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE visit DROP COLUMN visit_type; DROP TABLE visit_type; ALTER TABLE site DROP COLUMN sensitive');
  }
}
