import { protectByTenant } from '@slotmesh/persistence';
import type { MigrationInterface, QueryRunner } from 'typeorm';

export class KeepRefusedTimes20261127060200 implements MigrationInterface {
  name = 'KeepRefusedTimes20261127060200';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      -- When a representative tried to move a patient's visit in vain. Names neither the visit nor why.
      CREATE TABLE refused_time (
        patient_id uuid NOT NULL REFERENCES patient, audience text NOT NULL, practice_id text NOT NULL REFERENCES practice, starts_at timestamptz NOT NULL, ends_at timestamptz NOT NULL, CHECK (ends_at > starts_at),
        PRIMARY KEY (patient_id, audience, starts_at)
      );
    `);
    await protectByTenant(runner, 'scheduling', 'refused_time', ['practice_id'], 'SELECT, INSERT, DELETE');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE refused_time');
  }
}
