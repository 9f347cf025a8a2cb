import { protectByTenant } from '@slotmesh/persistence';
import type { MigrationInterface, QueryRunner } from 'typeorm';

export class KnowWhenTextsAreRead20261128100100 implements MigrationInterface {
  name = 'KnowWhenTextsAreRead20261128100100';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      -- When a patient's text about a visit came, and when its host's desk first read or answered it; of what it says, nothing.
      CREATE TABLE visit_text (id uuid PRIMARY KEY, appointment_id uuid NOT NULL REFERENCES appointment, practice_id text NOT NULL REFERENCES practice, received_at timestamptz NOT NULL, settled_at timestamptz);
      CREATE INDEX visit_text_appointment ON visit_text (appointment_id);
    `);
    await protectByTenant(runner, 'scheduling', 'visit_text', ['practice_id'], 'SELECT');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE visit_text');
  }
}
