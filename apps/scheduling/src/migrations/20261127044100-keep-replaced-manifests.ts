import type { MigrationInterface, QueryRunner } from 'typeorm';

export class KeepReplacedManifests20261127044100 implements MigrationInterface {
  name = 'KeepReplacedManifests20261127044100';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      -- The files of a version can be told as long as nothing is forgotten that was true then: until when what is forgotten was.
      ALTER TABLE publication ADD COLUMN forgotten_to timestamptz;
      UPDATE publication SET forgotten_to = changed_at;
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE publication DROP COLUMN forgotten_to');
  }
}
