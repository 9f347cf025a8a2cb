import { TENANT, protectByTenant } from '@slotmesh/persistence';
import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Emergency access: one person of a partner, one patient, a few hours at most. Both practices read the row; texts are sealed for each of them. */
export class LetPeopleLookInEmergencies20261127150410 implements MigrationInterface {
  name = 'LetPeopleLookInEmergencies20261127150410';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE emergency_access (
        id uuid PRIMARY KEY, practice_id text NOT NULL REFERENCES practice, host_id text NOT NULL REFERENCES practice CHECK (host_id <> practice_id), agreement_id uuid NOT NULL REFERENCES agreement, patient_id uuid NOT NULL REFERENCES patient,
        begun_by text NOT NULL, begun_at timestamptz NOT NULL, ends_at timestamptz NOT NULL CHECK (ends_at > begun_at AND ends_at <= begun_at + interval '4 hours'), ended_at timestamptz, ended_by text, uses int NOT NULL DEFAULT 0, last_used_at timestamptz,
        reason_for_practice text NOT NULL, reason_for_host text NOT NULL, acknowledged_at timestamptz, acknowledged_by text, sealed_acknowledgement text, CHECK (num_nonnulls(acknowledged_at, acknowledged_by, sealed_acknowledgement) IN (0, 3))
      );
      CREATE INDEX emergency_access_running ON emergency_access (ends_at) WHERE ended_at IS NULL;
      CREATE INDEX emergency_access_host ON emergency_access (host_id, begun_at);
      CREATE INDEX emergency_access_practice ON emergency_access (practice_id, begun_at);
      ALTER TABLE refusal_count DROP CONSTRAINT refusal_count_kind_check, ADD CONSTRAINT refusal_count_kind_check CHECK (kind IN ('overlap', 'patient-page', 'emergency'));
    `);
    await protectByTenant(runner, 'scheduling', 'emergency_access', ['practice_id', 'host_id'], 'SELECT');
    await runner.query(`
      -- It runs, for the very person who began it.
      CREATE FUNCTION emergency_access_runs(in_access uuid, in_at timestamptz) RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public AS $fn$
        SELECT EXISTS (SELECT 1 FROM emergency_access e WHERE e.id = in_access AND e.practice_id = ${TENANT} AND e.begun_by = nullif(current_setting('slotmesh.subject', true), '') AND e.ended_at IS NULL
          AND e.begun_at <= in_at AND in_at < e.ends_at AND agreement_in_force(e.agreement_id, e.host_id, e.practice_id, in_at))
      $fn$;
      -- The one patient of the host whom name and birth date agree on; null also where two do.
      CREATE FUNCTION emergency_patient_of(in_host text, in_agreement uuid, in_at timestamptz, in_name text, in_birth_date text) RETURNS uuid LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public AS $fn$
        SELECT CASE WHEN count(*) = 1 THEN (array_agg(p.id))[1] END FROM patient p
        WHERE p.practice_id = in_host AND p.birth_date_index = in_birth_date AND p.name_index = in_name AND p.wrapped_key IS NOT NULL AND agreement_in_force(in_agreement, in_host, ${TENANT}, in_at)
      $fn$;
      -- The minimum, sealed, with the keys that are still wrapped by the master key; nothing once it does not run any more.
      CREATE FUNCTION emergency_patient(in_access uuid, in_at timestamptz)
      RETURNS TABLE (id uuid, practice_id text, wrapped_key text, practice_key text, given_name text, family_name text, birth_date text, phone text, language text, needs text[]) LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public AS $fn$
        SELECT p.id, p.practice_id, p.wrapped_key, k.wrapped_key, p.given_name, p.family_name, p.birth_date, p.phone, p.language, p.needs FROM emergency_access e
          JOIN patient p ON p.id = e.patient_id AND p.practice_id = e.host_id AND p.wrapped_key IS NOT NULL JOIN practice_key k ON k.practice_id = e.host_id WHERE e.id = in_access AND emergency_access_runs(in_access, in_at)
      $fn$;
      CREATE FUNCTION emergency_visits(in_access uuid, in_at timestamptz) RETURNS TABLE (starts_at timestamptz, zone text, site text, provider text) LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public AS $fn$
        SELECT a.starts_at, a.zone, s.name, o.name FROM emergency_access e JOIN appointment a ON a.patient_id = e.patient_id AND a.host_id = e.host_id JOIN site s ON s.id = a.site_id JOIN provider o ON o.id = a.provider_id
        WHERE e.id = in_access AND emergency_access_runs(in_access, in_at) AND a.ends_at > in_at AND a.status IN ('pending', 'booked', 'arrived', 'checked-in') ORDER BY a.starts_at, a.id LIMIT 50
      $fn$;
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    throw new Error(`Who looked at whose patient is not forgotten by a migration (${runner.connection.options.type}).`);
  }
}
