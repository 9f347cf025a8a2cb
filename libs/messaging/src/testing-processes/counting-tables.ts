import { createCommonTables, runtimeRoles } from '@slotmesh/persistence';
import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Tables of the counting service: every effect is one row without any uniqueness, so that a second effect would show. */
export const countingTables = (service: string): (new () => MigrationInterface)[] => {
  class CreateCounting20261123000000 implements MigrationInterface {
    readonly name = 'CreateCounting20261123000000';
    async up(runner: QueryRunner): Promise<void> {
      await createCommonTables(runner, service);
      const { app, worker } = runtimeRoles(service);
      await runner.query(`
        CREATE TABLE effect (position bigint GENERATED ALWAYS AS IDENTITY, topic text NOT NULL, key text NOT NULL, n int NOT NULL, tenant text, at timestamptz NOT NULL DEFAULT clock_timestamp());
        CREATE INDEX effect_key ON effect (key);
        GRANT SELECT, INSERT, DELETE ON effect TO ${app}, ${worker};
      `);
    }
    async down(): Promise<void> {
      throw new Error('there is no way back');
    }
  }
  return [CreateCounting20261123000000];
};
