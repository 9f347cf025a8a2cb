import { protectByTenant } from '@slotmesh/persistence';
import type { MigrationInterface, QueryRunner } from 'typeorm';

export class KeepFeedback20261128100000 implements MigrationInterface {
  name = 'KeepFeedback20261128100000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      -- What a patient last answered to the one question after a visit; its host's own.
      CREATE TABLE visit_feedback (appointment_id uuid PRIMARY KEY REFERENCES appointment, practice_id text NOT NULL REFERENCES practice, score smallint NOT NULL CHECK (score BETWEEN 1 AND 5), answered_at timestamptz NOT NULL);
    `);
    await protectByTenant(runner, 'scheduling', 'visit_feedback', ['practice_id'], 'SELECT');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE visit_feedback');
  }
}
