import { protectByTenant } from '@slotmesh/persistence';
import type { MigrationInterface, QueryRunner } from 'typeorm';

export class CreatePatientPage20261126220500 implements MigrationInterface {
  name = 'CreatePatientPage20261126220500';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      -- A confidential visit is for the patient's eyes only: no parent, guardian or carer gets a link to it.
      ALTER TABLE appointment ADD COLUMN confidential boolean NOT NULL DEFAULT false;
      ALTER TABLE visit_type ADD COLUMN preparation jsonb;
      -- Wrong birth dates at the door of a visit's page. By visit and audience, not by link: whoever is sent a second link gets no second count.
      CREATE TABLE birth_date_attempt (
        appointment_id uuid NOT NULL REFERENCES appointment, audience text NOT NULL, practice_id text NOT NULL REFERENCES practice,
        wrong int NOT NULL DEFAULT 0 CHECK (wrong >= 0), locked_until timestamptz, PRIMARY KEY (appointment_id, audience)
      );
    `);
    await protectByTenant(runner, 'scheduling', 'birth_date_attempt', ['practice_id']);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DROP TABLE birth_date_attempt;
      ALTER TABLE visit_type DROP COLUMN preparation;
      ALTER TABLE appointment DROP COLUMN confidential;
    `);
  }
}
