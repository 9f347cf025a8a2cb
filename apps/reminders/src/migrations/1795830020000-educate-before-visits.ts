import { TENANT, protectByTenant, runtimeRoles } from '@slotmesh/persistence';
import type { MigrationInterface, QueryRunner } from 'typeorm';

export class EducateBeforeVisits1795830020000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    const { app, worker } = runtimeRoles('reminders');
    await runner.query(`
      CREATE TABLE partner_practice (practice text PRIMARY KEY, partnership text, staffed boolean NOT NULL);
      -- A version never changes but for its end. practices: who has to approve it, and then uses it.
      CREATE TABLE education_content (
        id uuid PRIMARY KEY, practice text NOT NULL, practices text[] NOT NULL CHECK (practice = ANY (practices)), service text, visit_type uuid, texts jsonb NOT NULL, source_url text, days_before int NOT NULL,
        version int NOT NULL, previous uuid REFERENCES education_content, made_at timestamptz NOT NULL, made_by text NOT NULL, retired_at timestamptz, retired_by text,
        -- when visits that were booked before it was approved had been looked at
        planned_at timestamptz, CHECK (num_nonnulls(service, visit_type) = 1)
      );
      CREATE INDEX education_content_practices ON education_content USING gin (practices) WHERE retired_at IS NULL;
      CREATE TABLE education_approval (content_id uuid NOT NULL REFERENCES education_content, practice text NOT NULL, practices text[] NOT NULL CHECK (practice = ANY (practices)), approved_by text NOT NULL, at timestamptz NOT NULL, PRIMARY KEY (content_id, practice));
      CREATE TABLE education_timer (appointment_id uuid PRIMARY KEY, host text NOT NULL, revision int NOT NULL, fire_at timestamptz NOT NULL);
      CREATE INDEX education_timer_due ON education_timer (fire_at);
      CREATE INDEX appointment_coming ON appointment (host, start_at) WHERE status = 'booked';
    `);
    for (const table of ['education_content', 'education_approval']) {
      await runner.query(`
        ALTER TABLE ${table} ENABLE ROW LEVEL SECURITY; ALTER TABLE ${table} FORCE ROW LEVEL SECURITY;
        CREATE POLICY ${table}_partners ON ${table} FOR SELECT TO ${app} USING (${TENANT} = ANY (practices));
        CREATE POLICY ${table}_own ON ${table} FOR INSERT TO ${app} WITH CHECK (practice = ${TENANT});
        CREATE POLICY ${table}_worker ON ${table} TO ${worker} USING (true) WITH CHECK (true);
        CREATE POLICY ${table}_owner ON ${table} TO CURRENT_USER USING (true) WITH CHECK (true);
        GRANT SELECT, INSERT ON ${table} TO ${app};
        GRANT SELECT, INSERT, UPDATE ON ${table} TO ${worker};
      `);
    }
    await runner.query(`
      CREATE POLICY education_content_end ON education_content FOR UPDATE TO ${app} USING (practice = ${TENANT}) WITH CHECK (practice = ${TENANT});
      GRANT UPDATE (retired_at, retired_by) ON education_content TO ${app};
    `);
    await protectByTenant(runner, 'reminders', 'partner_practice', ['practice'], 'SELECT');
    await protectByTenant(runner, 'reminders', 'education_timer', ['host'], 'SELECT');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP INDEX appointment_coming; DROP TABLE education_timer, education_approval, education_content, partner_practice');
  }
}
