import type { MigrationInterface, QueryRunner } from 'typeorm';

export class SealNotesOfAbsences20261127043100 implements MigrationInterface {
  name = 'SealNotesOfAbsences20261127043100';

  /** Why the old notes go: nothing here can seal them, and an open text about a patient must not stay (P24). */
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE absence_visit DROP COLUMN note;
      ALTER TABLE absence_visit ADD COLUMN sealed_note text;
      ALTER TABLE absence_visit ADD CHECK (outcome <> 'kept' OR sealed_note IS NOT NULL) NOT VALID;
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE absence_visit DROP COLUMN sealed_note; ALTER TABLE absence_visit ADD COLUMN note text');
  }
}
