import { TENANT, protectByTenant, runtimeRoles } from '@slotmesh/persistence';
import type { MigrationInterface, QueryRunner } from 'typeorm';

const { app, worker } = runtimeRoles('scheduling');
const RETURNS = 'RETURNS TABLE (id uuid, practice_id text, wrapped_key text, version int, agreement_id uuid, host_key text, profile text)';

export class LetPatientsRestrictSharing20261127150500 implements MigrationInterface {
  readonly name = 'LetPatientsRestrictSharing20261127150500';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      -- What a patient asked of the practice: nothing about them goes to this partner, or to any (null). Never removed, only ended.
      CREATE TABLE patient_restriction (
        id uuid PRIMARY KEY, practice_id text NOT NULL REFERENCES practice, patient_id uuid NOT NULL REFERENCES patient, to_practice_id text REFERENCES practice CHECK (to_practice_id <> practice_id), sealed_reason text,
        from_at timestamptz NOT NULL, set_by text NOT NULL, ended_at timestamptz, ended_by text, CHECK ((ended_at IS NULL) = (ended_by IS NULL))
      );
      CREATE UNIQUE INDEX patient_restriction_holds ON patient_restriction (patient_id, to_practice_id) NULLS NOT DISTINCT WHERE ended_at IS NULL;
      CREATE INDEX patient_restriction_patient ON patient_restriction (patient_id);
    `);
    await protectByTenant(runner, 'scheduling', 'patient_restriction', ['practice_id'], 'SELECT, INSERT, UPDATE (ended_at, ended_by)');
    await runner.query(`
      CREATE FUNCTION patient_restricts(in_patient uuid, in_to text) RETURNS boolean LANGUAGE sql STABLE SET search_path = public AS $fn$
        SELECT EXISTS (SELECT 1 FROM patient_restriction r WHERE r.patient_id = in_patient AND r.ended_at IS NULL AND (r.to_practice_id IS NULL OR r.to_practice_id = in_to))
      $fn$;
      -- The host's record of the tenant's own patient, or why the host may not have one. Why the patient's row is locked first: a restriction that was committed before counts, and one that comes later waits until this transaction ends.
      CREATE FUNCTION record_for_host(in_host text, in_agreement uuid, in_at timestamptz, in_patient uuid) RETURNS TABLE (record uuid, refusal text) LANGUAGE plpgsql SECURITY DEFINER SET search_path = public AS $fn$
      DECLARE person uuid;
      BEGIN
        SELECT p.person_id INTO person FROM patient p WHERE p.id = in_patient AND p.practice_id = ${TENANT} FOR SHARE;
        IF NOT FOUND OR NOT agreement_in_force(in_agreement, in_host, ${TENANT}, in_at) THEN
          RETURN QUERY SELECT NULL::uuid, 'agreement-not-in-force';
        ELSIF patient_restricts(in_patient, in_host) THEN
          RETURN QUERY SELECT NULL::uuid, 'patient-restricts';
        ELSE
          RETURN QUERY SELECT (SELECT p.id FROM patient p WHERE p.practice_id = in_host AND p.person_id = person AND p.erased_at IS NULL ORDER BY p.registered_at, p.id LIMIT 1), NULL::text;
        END IF;
      END $fn$;
      DROP FUNCTION host_patient_of;
      REVOKE ALL ON FUNCTION record_for_host FROM PUBLIC;
      GRANT EXECUTE ON FUNCTION record_for_host TO ${app}, ${worker};
      DROP FUNCTION given_records;
      CREATE FUNCTION given_records(in_patient uuid, in_at timestamptz) ${RETURNS} LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public AS $fn$
        SELECT r.id, r.practice_id, r.wrapped_key, r.version, g.id, k.wrapped_key, CASE WHEN v.coming THEN 'booking' ELSE 'referral-packet' END FROM patient own
          JOIN patient r ON r.person_id = own.person_id AND r.given_by = ${TENANT} AND r.wrapped_key IS NOT NULL
          JOIN practice_key k ON k.practice_id = r.practice_id
          JOIN LATERAL (SELECT a.id FROM agreement a WHERE agreement_in_force(a.id, r.practice_id, ${TENANT}, in_at) ORDER BY a.version DESC LIMIT 1) g ON true
          CROSS JOIN LATERAL (SELECT EXISTS (SELECT 1 FROM appointment a WHERE a.patient_id = r.id AND a.booking_id = ${TENANT} AND a.ends_at > in_at AND a.status IN ('pending', 'booked', 'arrived', 'checked-in')) AS coming) v
        WHERE own.id = in_patient AND own.practice_id = ${TENANT} AND NOT patient_restricts(own.id, r.practice_id)
          AND (v.coming OR EXISTS (SELECT 1 FROM referral f WHERE f.receiver_patient_id = r.id AND f.sender_id = ${TENANT} AND f.status NOT IN ('closed', 'declined', 'cancelled')))
        ORDER BY r.id
      $fn$;
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    throw new Error(`What patients asked for is not taken back by a migration (${runner.connection.options.type}).`);
  }
}
