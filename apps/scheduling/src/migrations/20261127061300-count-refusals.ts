import { protectByTenant } from '@slotmesh/persistence';
import type { MigrationInterface, QueryRunner } from 'typeorm';

/** When the last refusals of a desk or of a page's reader were, of those that may tell of a patient's other visits (P8). */
export class CountRefusals20261127061300 implements MigrationInterface {
  readonly name = 'CountRefusals20261127061300';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE refusal_count (
        practice_id text NOT NULL REFERENCES practice, subject text NOT NULL, kind text NOT NULL CHECK (kind IN ('overlap', 'patient-page')), times timestamptz[] NOT NULL,
        PRIMARY KEY (practice_id, subject, kind)
      );
    `);
    await protectByTenant(runner, 'scheduling', 'refusal_count', ['practice_id'], 'SELECT, INSERT, UPDATE');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE refusal_count');
  }
}
