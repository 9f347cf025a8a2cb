import { TENANT, runtimeRoles } from '@slotmesh/persistence';
import type { MigrationInterface, QueryRunner } from 'typeorm';

const { app, worker } = runtimeRoles('scheduling');
const VERSION = `a.agreement_id = in_agreement AND a.status IN ('approved', 'in-force', 'superseded', 'terminated')`;
/** What a version lets go that says nothing of data is what all let go before: disclosures/domain/data-sharing.ts says the same. */
const LETS = `CASE WHEN a.terms ? 'dataSharing'
  THEN EXISTS (SELECT 1 FROM jsonb_to_recordset(a.terms->'dataSharing') AS s(purpose text, profile text, until date) WHERE s.purpose = in_purpose AND s.profile = in_profile AND (s.until IS NULL OR in_at < ((s.until + 1)::timestamp AT TIME ZONE 'UTC')))
  ELSE (in_purpose, in_profile) IN (('treatment', 'free-busy'), ('treatment', 'booking'), ('treatment', 'referral-packet'), ('operations', 'counts')) END`;
const TOTALS = 'practice text, own boolean, first_day date, last_day date, offered int, withdrawn int, taken_back int, open int, returned int, booked int, used int, wasted int, as_guest int, as_host int';
const OF_VISITS = ['open', 'returned', 'booked', 'used', 'wasted', 'as_guest', 'as_host'].map((column) => `CASE WHEN t.own OR s.counts THEN t.${column} END`).join(', ');

/** Every way in which something about a person gets from one practice to another asks what the agreement lets go, and for what. */
export class CheckWhatDataIsShared20261127150502 implements MigrationInterface {
  readonly name = 'CheckWhatDataIsShared20261127150502';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE FUNCTION data_shared(in_agreement uuid, in_host text, in_guest text, in_at timestamptz, in_purpose text, in_profile text) RETURNS boolean LANGUAGE sql STABLE SET search_path = public AS $fn$
        SELECT agreement_in_force(in_agreement, in_host, in_guest, in_at) AND EXISTS (SELECT 1 FROM agreement_version a WHERE ${VERSION} AND in_host = ANY (a.practices) AND in_guest = ANY (a.practices)
          AND a.effective_from <= in_at AND (a.effective_to IS NULL OR in_at < a.effective_to) AND ${LETS})
      $fn$;
      DROP FUNCTION record_for_host;
      -- The host's record of the tenant's own patient, or why the host may not have one. Why the patient's row is locked first: a restriction that was committed before counts, and one that comes later waits until this transaction ends.
      CREATE FUNCTION record_for_host(in_host text, in_agreement uuid, in_at timestamptz, in_patient uuid, in_profile text) RETURNS TABLE (record uuid, refusal text) LANGUAGE plpgsql SECURITY DEFINER SET search_path = public AS $fn$
      DECLARE person uuid;
      BEGIN
        SELECT p.person_id INTO person FROM patient p WHERE p.id = in_patient AND p.practice_id = ${TENANT} FOR SHARE;
        IF NOT FOUND OR NOT agreement_in_force(in_agreement, in_host, ${TENANT}, in_at) THEN
          RETURN QUERY SELECT NULL::uuid, 'agreement-not-in-force';
        ELSIF NOT data_shared(in_agreement, in_host, ${TENANT}, in_at, 'treatment', in_profile) THEN
          RETURN QUERY SELECT NULL::uuid, 'data-not-shared';
        ELSIF patient_restricts(in_patient, in_host) THEN
          RETURN QUERY SELECT NULL::uuid, 'patient-restricts';
        ELSE
          RETURN QUERY SELECT (SELECT p.id FROM patient p WHERE p.practice_id = in_host AND p.person_id = person AND p.erased_at IS NULL ORDER BY p.registered_at, p.id LIMIT 1), NULL::text;
        END IF;
      END $fn$;
      DROP FUNCTION host_key;
      CREATE FUNCTION host_key(in_host text, in_agreement uuid, in_at timestamptz, in_profile text) RETURNS text LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public AS $fn$
        SELECT wrapped_key FROM practice_key WHERE practice_id = in_host AND data_shared(in_agreement, in_host, ${TENANT}, in_at, 'treatment', in_profile)
      $fn$;
      CREATE OR REPLACE FUNCTION host_patient_key(in_host text, in_agreement uuid, in_at timestamptz, in_patient uuid) RETURNS text LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public AS $fn$
        SELECT p.wrapped_key FROM patient p WHERE p.id = in_patient AND p.practice_id = in_host AND data_shared(in_agreement, in_host, ${TENANT}, in_at, 'treatment', 'referral-packet')
          AND EXISTS (SELECT 1 FROM patient own WHERE own.person_id = p.person_id AND own.practice_id = ${TENANT})
      $fn$;
      DROP FUNCTION register_guest_patient;
      CREATE FUNCTION register_guest_patient(in_host text, in_agreement uuid, in_at timestamptz, in_patient jsonb, in_profile text) RETURNS uuid LANGUAGE plpgsql SECURITY DEFINER SET search_path = public AS $fn$
      DECLARE known uuid;
      BEGIN
        IF NOT data_shared(in_agreement, in_host, ${TENANT}, in_at, 'treatment', in_profile) THEN
          RAISE EXCEPTION 'no agreement in force between host and tenant lets this go' USING ERRCODE = 'insufficient_privilege';
        END IF;
        PERFORM 1 FROM person WHERE id = (in_patient->>'person_id')::uuid FOR NO KEY UPDATE;
        SELECT id INTO known FROM patient WHERE practice_id = in_host AND person_id = (in_patient->>'person_id')::uuid AND erased_at IS NULL ORDER BY registered_at, id LIMIT 1;
        IF known IS NOT NULL THEN RETURN known; END IF;
        INSERT INTO patient (id, practice_id, person_id, wrapped_key, given_name, family_name, birth_date, phone, email, name_index, birth_date_index, phone_index, email_index,
          language, zone, needs, text_consent, email_consent, registered_at, given_by, payer)
        SELECT r.id, in_host, r.person_id, r.wrapped_key, r.given_name, r.family_name, r.birth_date, r.phone, r.email, r.name_index, r.birth_date_index, r.phone_index, r.email_index,
          r.language, r.zone, r.needs, r.text_consent, r.email_consent, in_at, ${TENANT}, r.payer
        FROM jsonb_populate_record(NULL::patient, in_patient) AS r;
        RETURN (in_patient->>'id')::uuid;
      END $fn$;
      CREATE OR REPLACE FUNCTION given_records(in_patient uuid, in_at timestamptz) RETURNS TABLE (id uuid, practice_id text, wrapped_key text, version int, agreement_id uuid, host_key text, profile text) LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public AS $fn$
        SELECT r.id, r.practice_id, r.wrapped_key, r.version, g.id, k.wrapped_key, g.profile FROM patient own
          JOIN patient r ON r.person_id = own.person_id AND r.given_by = ${TENANT} AND r.wrapped_key IS NOT NULL
          JOIN practice_key k ON k.practice_id = r.practice_id
          CROSS JOIN LATERAL (SELECT EXISTS (SELECT 1 FROM appointment a WHERE a.patient_id = r.id AND a.booking_id = ${TENANT} AND a.ends_at > in_at AND a.status IN ('pending', 'booked', 'arrived', 'checked-in')) AS coming,
            EXISTS (SELECT 1 FROM referral f WHERE f.receiver_patient_id = r.id AND f.sender_id = ${TENANT} AND f.status NOT IN ('closed', 'declined', 'cancelled')) AS referred) v
          JOIN LATERAL (SELECT a.id, b.profile FROM agreement a, (VALUES ('booking', v.coming), ('referral-packet', v.referred)) AS b(profile, needed)
            WHERE b.needed AND data_shared(a.id, r.practice_id, ${TENANT}, in_at, 'treatment', b.profile) ORDER BY b.profile, a.version DESC LIMIT 1) g ON true
        WHERE own.id = in_patient AND own.practice_id = ${TENANT} AND NOT patient_restricts(own.id, r.practice_id)
        ORDER BY r.id
      $fn$;
      DROP FUNCTION change_given_record;
      -- False: the host has taken the record over meanwhile, or it changed.
      CREATE FUNCTION change_given_record(in_agreement uuid, in_at timestamptz, in_patient jsonb, in_profile text) RETURNS boolean LANGUAGE plpgsql SECURITY DEFINER SET search_path = public AS $fn$
      DECLARE
        changed int;
        r patient := jsonb_populate_record(NULL::patient, in_patient);
      BEGIN
        IF NOT data_shared(in_agreement, r.practice_id, ${TENANT}, in_at, 'treatment', in_profile) THEN
          RAISE EXCEPTION 'no agreement in force between host and tenant lets this go' USING ERRCODE = 'insufficient_privilege';
        END IF;
        UPDATE patient p SET given_name = r.given_name, family_name = r.family_name, birth_date = r.birth_date, phone = r.phone, email = r.email, name_index = r.name_index,
          birth_date_index = r.birth_date_index, phone_index = r.phone_index, email_index = r.email_index, language = r.language, zone = r.zone, needs = r.needs,
          text_consent = r.text_consent, email_consent = r.email_consent, deceased = r.deceased, version = r.version, payer = r.payer
        WHERE p.id = r.id AND p.practice_id = r.practice_id AND p.given_by = ${TENANT} AND p.version = r.version - 1;
        GET DIAGNOSTICS changed = ROW_COUNT;
        RETURN changed = 1;
      END $fn$;
      -- Of visits of other parties only where the version that holds then, or held last, lets counts go for operations.
      ALTER FUNCTION ledger_totals(uuid, date, date, timestamptz, boolean) RENAME TO ledger_totals_whole;
      REVOKE ALL ON FUNCTION ledger_totals_whole FROM PUBLIC, ${app}, ${worker};
      CREATE FUNCTION counts_shared(in_agreement uuid, in_at timestamptz, in_purpose text DEFAULT 'operations', in_profile text DEFAULT 'counts') RETURNS boolean LANGUAGE sql STABLE SET search_path = public AS $fn$
        SELECT coalesce((SELECT ${LETS} FROM agreement_version a WHERE ${VERSION} AND (a.effective_to IS NULL OR a.effective_to > a.effective_from) AND a.effective_from <= in_at ORDER BY a.effective_from DESC, a.version DESC LIMIT 1), false)
      $fn$;
      CREATE FUNCTION ledger_totals(in_agreement uuid, in_first date, in_last date, in_at timestamptz, in_network boolean) RETURNS TABLE (${TOTALS}) LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $fn$
        SELECT t.practice, t.own, t.first_day, t.last_day, t.offered, t.withdrawn, t.taken_back, ${OF_VISITS}
        FROM ledger_totals_whole(in_agreement, in_first, in_last, in_at, in_network) t CROSS JOIN (SELECT counts_shared(in_agreement, in_at) AS counts) s ORDER BY t.practice
      $fn$;
      REVOKE ALL ON FUNCTION ledger_totals(uuid, date, date, timestamptz, boolean) FROM PUBLIC;
      GRANT EXECUTE ON FUNCTION ledger_totals(uuid, date, date, timestamptz, boolean) TO ${app}, ${worker};
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    throw new Error(`What parties agreed to share is not widened by taking a migration back (${runner.connection.options.type}).`);
  }
}
