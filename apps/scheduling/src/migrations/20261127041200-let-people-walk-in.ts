import type { MigrationInterface, QueryRunner } from 'typeorm';

export class LetPeopleWalkIn20261127041200 implements MigrationInterface {
  name = 'LetPeopleWalkIn20261127041200';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`ALTER TABLE availability ADD COLUMN walk_ins int NOT NULL DEFAULT 0 CHECK (walk_ins BETWEEN 0 AND 10)`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`ALTER TABLE availability DROP COLUMN walk_ins`);
  }
}
