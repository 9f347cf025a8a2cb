import { protectByTenant } from '@slotmesh/persistence';
import type { MigrationInterface, QueryRunner } from 'typeorm';

export class KeepTemplatesOfPractices1795810000000 implements MigrationInterface {
  name = 'KeepTemplatesOfPractices1795810000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      -- A practice's own wordings. A version is never changed: who wants another writes the next one.
      CREATE TABLE template (
        id uuid PRIMARY KEY, practice text NOT NULL, name text NOT NULL, language text NOT NULL, channel text NOT NULL, version int NOT NULL, source text NOT NULL, subject text,
        state text NOT NULL CHECK (state IN ('draft', 'approved', 'retired')), warnings jsonb NOT NULL,
        made_by text NOT NULL, made_at timestamptz NOT NULL, reviewed_by text, reviewer text, reviewed_at timestamptz, retired_by text, retired_at timestamptz,
        UNIQUE (practice, name, language, channel, version),
        CONSTRAINT template_reviewed CHECK (state <> 'approved' OR (reviewer IS NOT NULL AND reviewed_at IS NOT NULL AND reviewed_by IS NOT NULL AND reviewed_by <> made_by)),
        CONSTRAINT template_subject CHECK ((channel = 'email') = (subject IS NOT NULL))
      );
      CREATE INDEX template_in_force ON template (practice, name, language, channel, version DESC) WHERE state = 'approved';
    `);
    await protectByTenant(runner, 'notifications', 'template', ['practice'], 'SELECT, INSERT');
    // Why columns: what was reviewed stays what was written.
    await runner.query('GRANT UPDATE (state, reviewed_by, reviewer, reviewed_at, retired_by, retired_at) ON template TO notifications_app');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE template');
  }
}
