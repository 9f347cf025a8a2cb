import { protectByTenant, runtimeRoles } from '@slotmesh/persistence';
import type { MigrationInterface, QueryRunner } from 'typeorm';

const { app, worker } = runtimeRoles('scheduling');

export class PublishOpenings20261127013000 implements MigrationInterface {
  name = 'PublishOpenings20261127013000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE visit_type ADD COLUMN public boolean NOT NULL DEFAULT false;

      -- One row: the lock of who computes, and as of when.
      CREATE TABLE publication (id int PRIMARY KEY CHECK (id = 1), checked_at timestamptz, changed_at timestamptz);
      INSERT INTO publication (id) VALUES (1);
      GRANT SELECT ON publication TO ${app}; GRANT SELECT, UPDATE ON publication TO ${worker};

      -- Each resource as it was published from one moment until another, so that the files of a manifest stay what they were while the next one is made.
      CREATE TABLE published_resource (
        kind text NOT NULL CHECK (kind IN ('Location', 'Schedule', 'Slot')), id text NOT NULL, practice_id text NOT NULL REFERENCES practice, schedule_id text, location_id text,
        starts_at timestamptz, free boolean NOT NULL DEFAULT true, body jsonb NOT NULL, from_at timestamptz NOT NULL, to_at timestamptz,
        PRIMARY KEY (kind, id, from_at), CHECK ((kind = 'Slot') = (starts_at IS NOT NULL)), CHECK (to_at > from_at)
      );
      CREATE UNIQUE INDEX published_resource_present ON published_resource (kind, id) WHERE to_at IS NULL;
      CREATE INDEX published_resource_start ON published_resource (starts_at) WHERE to_at IS NULL AND kind = 'Slot';
      CREATE INDEX published_resource_past ON published_resource (to_at) WHERE to_at IS NOT NULL;
    `);
    await protectByTenant(runner, 'scheduling', 'published_resource', ['practice_id'], 'SELECT');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE published_resource; DROP TABLE publication; ALTER TABLE visit_type DROP COLUMN public');
  }
}
