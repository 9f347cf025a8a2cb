import { runtimeRoles } from '@slotmesh/persistence';
import type { MigrationInterface, QueryRunner } from 'typeorm';

export class KeepSensitiveServices1795792320000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    const { app, worker } = runtimeRoles('capacity');
    await runner.query(`
      -- The catalogue belongs to no practice.
      CREATE TABLE service (code text PRIMARY KEY, sensitive boolean NOT NULL);
      GRANT SELECT ON service TO ${app};
      GRANT SELECT, INSERT, UPDATE ON service TO ${worker};
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE service');
  }
}
