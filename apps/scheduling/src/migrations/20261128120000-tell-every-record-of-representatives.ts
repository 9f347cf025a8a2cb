import { runtimeRoles } from '@slotmesh/persistence';
import type { MigrationInterface, QueryRunner } from 'typeorm';

export class TellEveryRecordOfRepresentatives20261128120000 implements MigrationInterface {
  name = 'TellEveryRecordOfRepresentatives20261128120000';

  async up(runner: QueryRunner): Promise<void> {
    const { app } = runtimeRoles('scheduling');
    await runner.query(`
      -- Every record of the person has to hear whose phones and addresses they hold.
      ALTER TABLE person ADD COLUMN representatives_changed boolean NOT NULL DEFAULT false;
      GRANT UPDATE (representatives_changed) ON person TO ${app};
      -- Representatives from before indexes were kept: a worker fills theirs.
      UPDATE person SET representatives_changed = true WHERE id IN (SELECT p.person_id FROM representative r JOIN patient p ON p.id = r.patient_id);
      CREATE INDEX person_representatives_changed ON person (id) WHERE representatives_changed;
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE person DROP COLUMN representatives_changed');
  }
}
