import { TENANT, protectByTenant, runtimeRoles } from '@slotmesh/persistence';
import type { MigrationInterface, QueryRunner } from 'typeorm';

const { app, worker } = runtimeRoles('scheduling');

export class MarkLateAndMissedVisits20261127043000 implements MigrationInterface {
  name = 'MarkLateAndMissedVisits20261127043000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE appointment ADD COLUMN cancel_free_until timestamptz;
      -- Of the host alone: no partner reads it, and no event carries it.
      CREATE TABLE patient_mark (
        id uuid PRIMARY KEY, practice_id text NOT NULL REFERENCES practice, patient_id uuid NOT NULL REFERENCES patient, appointment_id uuid NOT NULL REFERENCES appointment,
        kind text NOT NULL CHECK (kind IN ('late-cancel', 'late-move', 'no-show')), starts_at timestamptz NOT NULL, zone text NOT NULL, marked_at timestamptz NOT NULL, marked_by text NOT NULL,
        undone_at timestamptz, undone_by text, excused_at timestamptz, excused_by text, sealed_excuse text,
        CHECK ((undone_at IS NULL) = (undone_by IS NULL)), CHECK (num_nulls(excused_at, excused_by, sealed_excuse) IN (0, 3))
      );
      CREATE INDEX patient_mark_patient ON patient_mark (practice_id, patient_id, marked_at);
      CREATE INDEX patient_mark_appointment ON patient_mark (appointment_id);
      CREATE INDEX appointment_without_outcome ON appointment (host_id, starts_at, id) WHERE status IN ('pending', 'booked', 'arrived', 'checked-in');
      -- A partner that calls off in the patient's name makes a mark that it never sees.
      CREATE FUNCTION mark_late(in_id uuid, in_appointment uuid, in_kind text, in_at timestamptz, in_by text) RETURNS void LANGUAGE sql SECURITY DEFINER SET search_path = public AS $fn$
        INSERT INTO patient_mark (id, practice_id, patient_id, appointment_id, kind, starts_at, zone, marked_at, marked_by)
        SELECT in_id, a.host_id, a.patient_id, a.id, in_kind, a.starts_at, a.zone, in_at, CASE WHEN a.host_id = ${TENANT} THEN in_by ELSE ${TENANT} END
        FROM appointment a WHERE a.id = in_appointment AND ${TENANT} IN (a.host_id, a.booking_id) AND in_kind IN ('late-cancel', 'late-move') AND in_at > a.cancel_free_until
      $fn$;
      REVOKE ALL ON FUNCTION mark_late FROM PUBLIC;
      GRANT EXECUTE ON FUNCTION mark_late TO ${app}, ${worker};
    `);
    await protectByTenant(runner, 'scheduling', 'patient_mark', ['practice_id'], 'SELECT, INSERT, UPDATE');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP FUNCTION mark_late; DROP INDEX appointment_without_outcome; DROP TABLE patient_mark; ALTER TABLE appointment DROP COLUMN cancel_free_until');
  }
}
