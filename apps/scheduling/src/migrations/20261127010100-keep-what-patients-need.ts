import type { MigrationInterface, QueryRunner } from 'typeorm';

export class KeepWhatPatientsNeed20261127010100 implements MigrationInterface {
  name = 'KeepWhatPatientsNeed20261127010100';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE visit_type ADD COLUMN longer_visit_minutes int NOT NULL DEFAULT 0 CHECK (longer_visit_minutes BETWEEN 0 AND 240);
      -- What was taken, or is to be arranged, for the needs of the patient: codes, language, minutes; null where there are none.
      ALTER TABLE hold ADD COLUMN care jsonb;
      ALTER TABLE appointment ADD COLUMN care jsonb;
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE appointment DROP COLUMN care;
      ALTER TABLE hold DROP COLUMN care;
      ALTER TABLE visit_type DROP COLUMN longer_visit_minutes;
    `);
  }
}
