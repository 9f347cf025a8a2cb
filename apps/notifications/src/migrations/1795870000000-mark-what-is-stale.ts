import type { MigrationInterface, QueryRunner } from 'typeorm';

export class MarkWhatIsStale1795870000000 implements MigrationInterface {
  name = 'MarkWhatIsStale1795870000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE attempt ADD COLUMN stale boolean NOT NULL DEFAULT false');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE attempt DROP COLUMN stale');
  }
}
