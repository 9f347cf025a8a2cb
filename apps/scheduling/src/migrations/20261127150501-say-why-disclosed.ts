import type { MigrationInterface, QueryRunner } from 'typeorm';

export class SayWhyDisclosed20261127150501 implements MigrationInterface {
  readonly name = 'SayWhyDisclosed20261127150501';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      -- What it was for: a visit, a referral, or a change of what was given before (no id). Null: before this was kept.
      ALTER TABLE disclosure ADD COLUMN because_kind text CHECK (because_kind IN ('appointment', 'referral', 'change')), ADD COLUMN because_id uuid;
      UPDATE disclosure SET profile = 'referral-packet' WHERE profile = 'referral packet';
      CREATE INDEX disclosure_patient ON disclosure (patient_id, at, id);
      CREATE INDEX disclosure_practice ON disclosure (practice_id, at, id);
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DROP INDEX disclosure_patient; DROP INDEX disclosure_practice;
      ALTER TABLE disclosure DROP COLUMN because_kind, DROP COLUMN because_id;
      UPDATE disclosure SET profile = 'referral packet' WHERE profile = 'referral-packet';
    `);
  }
}
