import { protectByTenant } from '@slotmesh/persistence';
import type { MigrationInterface, QueryRunner } from 'typeorm';

export class CreateAbsences20261127016000 implements MigrationInterface {
  name = 'CreateAbsences20261127016000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      -- Why its own days beside the closure's: what was affected is still told when the closure is gone.
      CREATE TABLE absence (
        id uuid PRIMARY KEY, practice_id text NOT NULL REFERENCES practice, provider_id uuid REFERENCES provider, site_id uuid REFERENCES site, from_date date NOT NULL, to_date date NOT NULL, reason text NOT NULL,
        closure_id uuid REFERENCES closure ON DELETE SET NULL, closed_at timestamptz NOT NULL, closed_by text NOT NULL, lifted_at timestamptz,
        CHECK (to_date >= from_date), CHECK (num_nonnulls(provider_id, site_id) >= 1)
      );
      CREATE INDEX absence_practice ON absence (practice_id, id);
      -- A visit that lay in the closed time, and what was agreed about it. None yet: unresolved.
      CREATE TABLE absence_visit (
        absence_id uuid NOT NULL REFERENCES absence, appointment_id uuid NOT NULL REFERENCES appointment, practice_id text NOT NULL REFERENCES practice, starts_at timestamptz NOT NULL,
        outcome text CHECK (outcome IN ('moved', 'kept')), opening text, moved_to uuid REFERENCES appointment, agreed_how text, agreed_by text, note text, settled_by text, settled_at timestamptz,
        PRIMARY KEY (absence_id, appointment_id), CHECK ((outcome IS NULL) = (settled_at IS NULL)), CHECK ((outcome = 'moved') = (moved_to IS NOT NULL AND agreed_how IS NOT NULL AND agreed_by IS NOT NULL)), CHECK (outcome <> 'kept' OR note IS NOT NULL)
      );
    `);
    await protectByTenant(runner, 'scheduling', 'absence', ['practice_id'], 'SELECT, INSERT, UPDATE');
    await protectByTenant(runner, 'scheduling', 'absence_visit', ['practice_id'], 'SELECT, INSERT, UPDATE');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE absence_visit, absence');
  }
}
