import { TENANT, createCommonTables, protectByTenant, runtimeRoles } from '@slotmesh/persistence';
import type { MigrationInterface, QueryRunner } from 'typeorm';
import { NETWORK, readableInNetwork } from './network-policies';

const SERVICE = 'scheduling';
const { app, worker } = runtimeRoles(SERVICE);

export class CreateScheduling20261123180000 implements MigrationInterface {
  name = 'CreateScheduling20261123180000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('CREATE EXTENSION IF NOT EXISTS btree_gist');
    await createCommonTables(runner, SERVICE);
    await this.network(runner);
    await this.calendar(runner);
    await this.patients(runner);
    await this.bookings(runner);
    await this.ownerFunctions(runner);
  }

  async down(): Promise<void> {
    throw new Error('The first migration is not taken back: drop the database.');
  }

  private async network(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE partnership (id uuid PRIMARY KEY, name text NOT NULL);
      CREATE TABLE membership (practice_id text PRIMARY KEY, partnership_id uuid NOT NULL REFERENCES partnership);
      CREATE INDEX membership_partnership ON membership (partnership_id);
      CREATE TABLE practice (
        id text PRIMARY KEY, name text NOT NULL, zone text NOT NULL, phone text NOT NULL, email text NOT NULL, sender_number text NOT NULL UNIQUE,
        staffed boolean NOT NULL DEFAULT true, version int NOT NULL DEFAULT 1
      );
      CREATE TABLE practice_key (practice_id text PRIMARY KEY REFERENCES practice, wrapped_key text NOT NULL);
      CREATE TABLE staff (subject text PRIMARY KEY, practice_id text REFERENCES practice, roles text[] NOT NULL, active boolean NOT NULL DEFAULT true);
      CREATE TABLE service (code text PRIMARY KEY, name jsonb NOT NULL);
      CREATE TABLE agreement (
        id uuid PRIMARY KEY, partnership_id uuid NOT NULL REFERENCES partnership, version int NOT NULL, status text NOT NULL,
        practices text[] NOT NULL, effective_from timestamptz NOT NULL, effective_to timestamptz, rules jsonb NOT NULL, blackout_dates date[] NOT NULL DEFAULT '{}',
        UNIQUE (partnership_id, version)
      );
      GRANT SELECT ON partnership, membership, service TO ${app};
      GRANT SELECT, INSERT, UPDATE, DELETE ON partnership, membership, service TO ${worker};
    `);
    await protectByTenant(runner, SERVICE, 'practice_key', ['practice_id'], 'SELECT');
    await protectByTenant(runner, SERVICE, 'staff', ['practice_id'], 'SELECT');
    await readableInNetwork(runner, 'practice', 'id', 'SELECT, UPDATE');
    await runner.query(`
      ALTER TABLE agreement ENABLE ROW LEVEL SECURITY; ALTER TABLE agreement FORCE ROW LEVEL SECURITY;
      CREATE POLICY agreement_member ON agreement TO ${app} USING (${TENANT} = ANY (practices)) WITH CHECK (${TENANT} = ANY (practices));
      CREATE POLICY agreement_worker ON agreement TO ${worker} USING (true) WITH CHECK (true);
      CREATE POLICY agreement_owner ON agreement TO CURRENT_USER USING (true) WITH CHECK (true);
      GRANT SELECT ON agreement TO ${app}; GRANT SELECT, INSERT, UPDATE ON agreement TO ${worker};
    `);
  }

  private async calendar(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE site (
        id uuid PRIMARY KEY, ref int GENERATED ALWAYS AS IDENTITY UNIQUE, practice_id text NOT NULL REFERENCES practice, name text NOT NULL, zone text NOT NULL, phone text NOT NULL,
        address jsonb NOT NULL, state text NOT NULL, latitude double precision, longitude double precision, external_id text, version int NOT NULL DEFAULT 1, UNIQUE (practice_id, external_id)
      );
      CREATE TABLE provider (
        id uuid PRIMARY KEY, ref int GENERATED ALWAYS AS IDENTITY UNIQUE, practice_id text NOT NULL REFERENCES practice, name text NOT NULL, languages text[] NOT NULL DEFAULT '{en}',
        payers text[] NOT NULL DEFAULT '{}', active boolean NOT NULL DEFAULT true, external_id text, version int NOT NULL DEFAULT 1, UNIQUE (practice_id, external_id)
      );
      CREATE TABLE resource (
        id uuid PRIMARY KEY, practice_id text NOT NULL REFERENCES practice, site_id uuid REFERENCES site, provider_id uuid UNIQUE REFERENCES provider,
        kind text NOT NULL CHECK (kind IN ('provider', 'room', 'device')), name text NOT NULL, active boolean NOT NULL DEFAULT true, version int NOT NULL DEFAULT 1,
        CHECK ((kind = 'provider') = (provider_id IS NOT NULL))
      );
      CREATE TABLE visit_type (
        id uuid PRIMARY KEY, ref int GENERATED ALWAYS AS IDENTITY UNIQUE, practice_id text NOT NULL REFERENCES practice, service_code text NOT NULL REFERENCES service, name text NOT NULL,
        duration_minutes int NOT NULL CHECK (duration_minutes BETWEEN 1 AND 1440), buffer_before_minutes int NOT NULL DEFAULT 0, buffer_after_minutes int NOT NULL DEFAULT 0,
        minimum_notice_minutes int NOT NULL DEFAULT 0, horizon_days int NOT NULL DEFAULT 180, modality text NOT NULL DEFAULT 'in-person', needs text[] NOT NULL DEFAULT '{}',
        active boolean NOT NULL DEFAULT true, version int NOT NULL DEFAULT 1
      );
      CREATE INDEX visit_type_service ON visit_type (service_code);
      CREATE TABLE provider_visit_type (practice_id text NOT NULL, provider_id uuid NOT NULL REFERENCES provider, visit_type_id uuid NOT NULL REFERENCES visit_type, PRIMARY KEY (provider_id, visit_type_id));
      CREATE INDEX provider_visit_type_type ON provider_visit_type (visit_type_id);
      CREATE TABLE availability (
        id uuid PRIMARY KEY, practice_id text NOT NULL REFERENCES practice, provider_id uuid NOT NULL REFERENCES provider, site_id uuid NOT NULL REFERENCES site,
        weekday smallint NOT NULL CHECK (weekday BETWEEN 1 AND 7), from_time text NOT NULL, to_time text NOT NULL, valid_from date NOT NULL, valid_to date,
        every_weeks smallint NOT NULL DEFAULT 1, version int NOT NULL DEFAULT 1
      );
      CREATE INDEX availability_provider ON availability (provider_id);
      -- One date on which a provider works other hours at a site, or none (ranges empty).
      CREATE TABLE availability_exception (
        id uuid PRIMARY KEY, practice_id text NOT NULL REFERENCES practice, provider_id uuid NOT NULL REFERENCES provider, site_id uuid NOT NULL REFERENCES site,
        date date NOT NULL, ranges jsonb NOT NULL, version int NOT NULL DEFAULT 1, UNIQUE (provider_id, site_id, date)
      );
      -- Whole days of a site's calendar, or an exact time; of all the practice, of a site or of a provider.
      CREATE TABLE closure (
        id uuid PRIMARY KEY, practice_id text NOT NULL REFERENCES practice, site_id uuid REFERENCES site, provider_id uuid REFERENCES provider,
        from_date date, to_date date, from_at timestamptz, to_at timestamptz, reason text NOT NULL, version int NOT NULL DEFAULT 1,
        CHECK ((from_date IS NOT NULL AND to_date >= from_date AND from_at IS NULL) OR (from_at IS NOT NULL AND to_at > from_at AND from_date IS NULL))
      );
      CREATE INDEX closure_practice ON closure (practice_id);
    `);
    for (const table of ['site', 'provider', 'resource', 'visit_type', 'provider_visit_type', 'availability', 'availability_exception', 'closure']) {
      await readableInNetwork(runner, table, 'practice_id', 'SELECT, INSERT, UPDATE, DELETE');
    }
  }

  private async patients(runner: QueryRunner): Promise<void> {
    await runner.query(`
      -- A person belongs to a partnership, or to the one practice where that is in none.
      CREATE TABLE person (id uuid PRIMARY KEY, partnership_id uuid REFERENCES partnership, lone_practice_id text REFERENCES practice, CHECK (num_nonnulls(partnership_id, lone_practice_id) = 1));
      CREATE TABLE patient (
        id uuid PRIMARY KEY, practice_id text NOT NULL REFERENCES practice, person_id uuid NOT NULL REFERENCES person,
        wrapped_key text, given_name text, family_name text, birth_date text, phone text, email text, record_number text,
        name_index text, birth_date_index text, phone_index text, email_index text, record_number_index text,
        language text NOT NULL, zone text NOT NULL, needs text[] NOT NULL DEFAULT '{}', text_consent boolean NOT NULL DEFAULT false, email_consent boolean NOT NULL DEFAULT false,
        deceased boolean NOT NULL DEFAULT false, erased_at timestamptz, version int NOT NULL DEFAULT 1, registered_at timestamptz NOT NULL,
        -- The practice that gave this minimal record with a booking and keeps it up to date; null where the practice keeps it itself.
        given_by text,
        UNIQUE (practice_id, record_number_index)
      );
      CREATE INDEX patient_person ON patient (person_id, practice_id);
      CREATE INDEX patient_indexes ON patient (practice_id, birth_date_index);
      CREATE INDEX patient_name ON patient (practice_id, name_index);
      CREATE TABLE representative (
        id uuid PRIMARY KEY, practice_id text NOT NULL REFERENCES practice, patient_id uuid NOT NULL REFERENCES patient, relation text NOT NULL,
        name text NOT NULL, phone text, email text, may text[] NOT NULL, valid_from date NOT NULL, valid_to date
      );
      CREATE TABLE disclosure (id uuid PRIMARY KEY, practice_id text NOT NULL, to_practice_id text NOT NULL, patient_id uuid NOT NULL, purpose text NOT NULL, profile text NOT NULL, agreement_id uuid, at timestamptz NOT NULL);
      GRANT SELECT, INSERT ON person TO ${app}; GRANT SELECT, INSERT, UPDATE, DELETE ON person TO ${worker};
      ALTER TABLE person ENABLE ROW LEVEL SECURITY; ALTER TABLE person FORCE ROW LEVEL SECURITY;
      CREATE POLICY person_network ON person TO ${app} USING (lone_practice_id = ${TENANT} OR partnership_id = (SELECT m.partnership_id FROM membership m WHERE m.practice_id = ${TENANT}))
        WITH CHECK (lone_practice_id = ${TENANT} OR partnership_id = (SELECT m.partnership_id FROM membership m WHERE m.practice_id = ${TENANT}));
      CREATE POLICY person_worker ON person TO ${worker} USING (true) WITH CHECK (true);
      CREATE POLICY person_owner ON person TO CURRENT_USER USING (true) WITH CHECK (true);
    `);
    await protectByTenant(runner, SERVICE, 'patient', ['practice_id'], 'SELECT, INSERT, UPDATE');
    await protectByTenant(runner, SERVICE, 'representative', ['practice_id']);
    await protectByTenant(runner, SERVICE, 'disclosure', ['practice_id'], 'SELECT, INSERT');
  }

  private async bookings(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE FUNCTION agreement_in_force(in_agreement uuid, in_host text, in_guest text, in_at timestamptz) RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public AS $fn$
        SELECT EXISTS (SELECT 1 FROM agreement a WHERE a.id = in_agreement AND a.status = 'in-force' AND in_host = ANY (a.practices) AND in_guest = ANY (a.practices)
          AND a.effective_from <= in_at AND (a.effective_to IS NULL OR in_at < a.effective_to))
      $fn$;
      CREATE TABLE hold (
        id uuid PRIMARY KEY, opening text NOT NULL, host_id text NOT NULL REFERENCES practice, holder_id text NOT NULL REFERENCES practice, holder_subject text NOT NULL,
        agreement_id uuid REFERENCES agreement, quota_ids uuid[] NOT NULL DEFAULT '{}', visit_type_id uuid NOT NULL, provider_id uuid NOT NULL, site_id uuid NOT NULL,
        starts_at timestamptz NOT NULL, ends_at timestamptz NOT NULL, placed_at timestamptz NOT NULL, expires_at timestamptz NOT NULL,
        state text NOT NULL DEFAULT 'active' CHECK (state IN ('active', 'booked', 'released', 'expired'))
      );
      CREATE INDEX hold_due ON hold (expires_at) WHERE state = 'active';
      CREATE TABLE appointment (
        id uuid PRIMARY KEY, revision int NOT NULL, status text NOT NULL, participation text NOT NULL, host_id text NOT NULL REFERENCES practice, booking_id text NOT NULL REFERENCES practice,
        patient_id uuid NOT NULL, booking_patient_id uuid, person_id uuid NOT NULL, agreement_id uuid, quota_ids uuid[] NOT NULL DEFAULT '{}',
        site_id uuid NOT NULL, provider_id uuid NOT NULL, visit_type_id uuid NOT NULL, service_code text NOT NULL, modality text NOT NULL, zone text NOT NULL,
        starts_at timestamptz NOT NULL, ends_at timestamptz NOT NULL, booked_at timestamptz NOT NULL, booked_by text NOT NULL, changed_at timestamptz NOT NULL,
        cancel_reason text, sealed_reason text, version int NOT NULL DEFAULT 1
      );
      CREATE INDEX appointment_host_start ON appointment (host_id, starts_at);
      CREATE INDEX appointment_booking_start ON appointment (booking_id, starts_at);
      CREATE INDEX appointment_provider_start ON appointment (provider_id, starts_at);
      CREATE TABLE occupancy (
        id uuid PRIMARY KEY, host_id text NOT NULL, guest_id text, agreement_id uuid, resource_id uuid NOT NULL REFERENCES resource, lane int NOT NULL DEFAULT 0,
        during tstzrange NOT NULL CHECK (NOT isempty(during)), active boolean NOT NULL DEFAULT true, hold_id uuid, appointment_id uuid, taken_at timestamptz NOT NULL,
        CONSTRAINT occupancy_never_twice EXCLUDE USING gist (resource_id WITH =, lane WITH =, during WITH &&) WHERE (active),
        CHECK (num_nonnulls(hold_id, appointment_id) >= 1)
      );
      CREATE INDEX occupancy_hold ON occupancy (hold_id) WHERE active AND hold_id IS NOT NULL;
      CREATE INDEX occupancy_appointment ON occupancy (appointment_id) WHERE active AND appointment_id IS NOT NULL;
      -- A person is not in two places: one row per visit that takes place (P8). Lanes above 0 are overrides with a written reason.
      CREATE TABLE person_time (
        appointment_id uuid PRIMARY KEY, person_id uuid NOT NULL REFERENCES person, lane int NOT NULL DEFAULT 0, during tstzrange NOT NULL, active boolean NOT NULL DEFAULT true,
        CONSTRAINT person_never_twice EXCLUDE USING gist (person_id WITH =, lane WITH =, during WITH &&) WHERE (active)
      );
      CREATE TABLE quota_use (
        id uuid PRIMARY KEY, agreement_id uuid NOT NULL REFERENCES agreement, rule text NOT NULL, host_id text NOT NULL, day date NOT NULL, used int NOT NULL DEFAULT 0 CHECK (used >= 0),
        UNIQUE (agreement_id, rule, host_id, day)
      );
      CREATE TABLE idempotency (
        practice_id text NOT NULL, subject text NOT NULL, key text NOT NULL, request_hash bytea NOT NULL, status int, answer jsonb, at timestamptz NOT NULL, PRIMARY KEY (practice_id, subject, key)
      );
    `);
    const shared = async (table: string, guest: string, at: string) => runner.query(`
      ALTER TABLE ${table} ENABLE ROW LEVEL SECURITY; ALTER TABLE ${table} FORCE ROW LEVEL SECURITY;
      CREATE POLICY ${table}_see ON ${table} FOR SELECT TO ${app} USING (host_id = ${TENANT} OR ${guest} = ${TENANT}${table === 'occupancy' ? ` OR host_id IN (${NETWORK})` : ''});
      CREATE POLICY ${table}_change ON ${table} FOR UPDATE TO ${app} USING (host_id = ${TENANT} OR ${guest} = ${TENANT}) WITH CHECK (host_id = ${TENANT} OR ${guest} = ${TENANT});
      CREATE POLICY ${table}_add ON ${table} FOR INSERT TO ${app} WITH CHECK (host_id = ${TENANT} OR (${guest} = ${TENANT} AND agreement_in_force(agreement_id, host_id, ${guest}, ${at})));
      CREATE POLICY ${table}_worker ON ${table} TO ${worker} USING (true) WITH CHECK (true);
      CREATE POLICY ${table}_owner ON ${table} TO CURRENT_USER USING (true) WITH CHECK (true);
      GRANT SELECT, INSERT, UPDATE ON ${table} TO ${app}; GRANT SELECT, INSERT, UPDATE, DELETE ON ${table} TO ${worker};
    `);
    await shared('hold', 'holder_id', 'placed_at');
    await shared('appointment', 'booking_id', 'changed_at');
    await shared('occupancy', 'guest_id', 'taken_at');
    await runner.query(`
      ALTER TABLE quota_use ENABLE ROW LEVEL SECURITY; ALTER TABLE quota_use FORCE ROW LEVEL SECURITY;
      CREATE POLICY quota_network ON quota_use TO ${app} USING (host_id = ${TENANT} OR host_id IN (${NETWORK})) WITH CHECK (host_id = ${TENANT} OR host_id IN (${NETWORK}));
      CREATE POLICY quota_worker ON quota_use TO ${worker} USING (true) WITH CHECK (true);
      CREATE POLICY quota_owner ON quota_use TO CURRENT_USER USING (true) WITH CHECK (true);
      GRANT SELECT, INSERT, UPDATE ON quota_use TO ${app}; GRANT SELECT, INSERT, UPDATE, DELETE ON quota_use TO ${worker};
      ALTER TABLE person_time ENABLE ROW LEVEL SECURITY; ALTER TABLE person_time FORCE ROW LEVEL SECURITY;
      CREATE POLICY person_time_worker ON person_time TO ${worker} USING (true) WITH CHECK (true);
      CREATE POLICY person_time_owner ON person_time TO CURRENT_USER USING (true) WITH CHECK (true);
      GRANT SELECT, INSERT, UPDATE, DELETE ON person_time TO ${worker};
    `);
    await protectByTenant(runner, SERVICE, 'idempotency', ['practice_id'], 'SELECT, INSERT, UPDATE');
  }

  /** What a guest may do to rows that it must not read: run as the owner, each checks what it is given (P21). */
  private async ownerFunctions(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE FUNCTION require_network(in_host text) RETURNS void LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public AS $fn$
      BEGIN
        IF in_host IS DISTINCT FROM ${TENANT} AND session_user <> '${worker}' AND NOT EXISTS (SELECT 1 FROM (${NETWORK}) AS n WHERE n.practice_id = in_host) THEN
          RAISE EXCEPTION 'practice is not in the network of the tenant' USING ERRCODE = 'insufficient_privilege';
        END IF;
      END $fn$;

      -- The one lock order begins here: resources by id. NO KEY UPDATE, because FOR UPDATE deadlocks with foreign keys.
      CREATE FUNCTION lock_resources(in_ids uuid[]) RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = public AS $fn$
      DECLARE r record;
      BEGIN
        FOR r IN SELECT practice_id FROM resource WHERE id = ANY (in_ids) ORDER BY id FOR NO KEY UPDATE LOOP
          PERFORM require_network(r.practice_id);
        END LOOP;
      END $fn$;

      -- Ends holds past their time that stand in the way of the given resources and time; returns what was ended. Why the quotas' ids and not their use: quota rows
      -- come after the person in the one lock order (P1), and holds before.
      CREATE FUNCTION end_expired_holds(in_resources uuid[], in_from timestamptz, in_to timestamptz, in_now timestamptz)
      RETURNS TABLE (id uuid, host_id text, holder_id text, quota_ids uuid[]) LANGUAGE plpgsql SECURITY DEFINER SET search_path = public AS $fn$
      DECLARE found uuid[];
      BEGIN
        PERFORM require_network(r.practice_id) FROM resource r WHERE r.id = ANY (in_resources);
        SELECT array_agg(h.id) INTO found FROM (
          SELECT x.id FROM hold x WHERE x.state = 'active' AND x.expires_at <= in_now AND x.id IN (
            SELECT o.hold_id FROM occupancy o WHERE o.active AND o.appointment_id IS NULL AND o.resource_id = ANY (in_resources) AND o.during && tstzrange(in_from, in_to))
          ORDER BY x.id FOR NO KEY UPDATE) AS h;
        IF found IS NULL THEN RETURN; END IF;
        UPDATE occupancy o SET active = false WHERE o.active AND o.appointment_id IS NULL AND o.hold_id = ANY (found);
        RETURN QUERY UPDATE hold h SET state = 'expired' WHERE h.id = ANY (found) RETURNING h.id, h.host_id, h.holder_id, h.quota_ids;
      END $fn$;

      CREATE FUNCTION expired_hold_in_the_way(in_resources uuid[], in_from timestamptz, in_to timestamptz, in_now timestamptz) RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public AS $fn$
        SELECT EXISTS (SELECT 1 FROM occupancy o JOIN hold h ON h.id = o.hold_id WHERE o.active AND o.appointment_id IS NULL AND o.resource_id = ANY (in_resources)
          AND o.during && tstzrange(in_from, in_to) AND h.state = 'active' AND h.expires_at <= in_now)
      $fn$;
      -- Where the person is never said: only that the time is taken.
      CREATE FUNCTION person_busy(in_person uuid, in_from timestamptz, in_to timestamptz) RETURNS TABLE (starts_at timestamptz, ends_at timestamptz) LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public AS $fn$
        SELECT lower(t.during), upper(t.during) FROM person_time t JOIN person p ON p.id = t.person_id
        WHERE t.person_id = in_person AND t.active AND t.during && tstzrange(in_from, in_to)
          AND (p.lone_practice_id = ${TENANT} OR p.partnership_id = (SELECT m.partnership_id FROM membership m WHERE m.practice_id = ${TENANT}))
        ORDER BY 1
      $fn$;

      -- A visit that is there belongs to two practices; for one that is about to be, the person must be of the tenant's network.
      CREATE FUNCTION require_own_visit(in_appointment uuid, in_person uuid) RETURNS void LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public AS $fn$
      DECLARE visit record;
      BEGIN
        IF session_user = '${worker}' THEN RETURN; END IF;
        SELECT a.host_id, a.booking_id, a.person_id INTO visit FROM appointment a WHERE a.id = in_appointment;
        IF FOUND AND ${TENANT} IN (visit.host_id, visit.booking_id) AND visit.person_id = coalesce(in_person, visit.person_id) THEN RETURN; END IF;
        IF NOT FOUND AND EXISTS (SELECT 1 FROM person p WHERE p.id = in_person
          AND (p.lone_practice_id = ${TENANT} OR p.partnership_id = (SELECT m.partnership_id FROM membership m WHERE m.practice_id = ${TENANT}))) THEN RETURN; END IF;
        RAISE EXCEPTION 'neither a visit nor a person of the tenant' USING ERRCODE = 'insufficient_privilege';
      END $fn$;

      -- False: the person has another visit then (where is never said, P8).
      CREATE FUNCTION take_person_time(in_appointment uuid, in_person uuid, in_from timestamptz, in_to timestamptz, in_lane int) RETURNS boolean LANGUAGE plpgsql SECURITY DEFINER SET search_path = public AS $fn$
      DECLARE taken int;
      BEGIN
        PERFORM require_own_visit(in_appointment, in_person);
        UPDATE person_time SET active = false WHERE appointment_id = in_appointment AND active;
        DELETE FROM person_time WHERE appointment_id = in_appointment;
        INSERT INTO person_time (appointment_id, person_id, lane, during) VALUES (in_appointment, in_person, in_lane, tstzrange(in_from, in_to)) ON CONFLICT DO NOTHING;
        GET DIAGNOSTICS taken = ROW_COUNT;
        RETURN taken = 1;
      END $fn$;
      CREATE FUNCTION free_person_time(in_appointment uuid) RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = public AS $fn$
      BEGIN
        PERFORM require_own_visit(in_appointment, NULL);
        UPDATE person_time SET active = false WHERE appointment_id = in_appointment AND active;
      END $fn$;

      -- The host's own minimal record of a guest's patient; only under an agreement in force between host and tenant.
      CREATE FUNCTION register_guest_patient(in_host text, in_agreement uuid, in_at timestamptz, in_patient jsonb) RETURNS uuid LANGUAGE plpgsql SECURITY DEFINER SET search_path = public AS $fn$
      DECLARE known uuid;
      BEGIN
        IF NOT agreement_in_force(in_agreement, in_host, ${TENANT}, in_at) THEN
          RAISE EXCEPTION 'no agreement in force between host and tenant' USING ERRCODE = 'insufficient_privilege';
        END IF;
        PERFORM 1 FROM person WHERE id = (in_patient->>'person_id')::uuid FOR NO KEY UPDATE;
        SELECT id INTO known FROM patient WHERE practice_id = in_host AND person_id = (in_patient->>'person_id')::uuid AND erased_at IS NULL ORDER BY registered_at, id LIMIT 1;
        IF known IS NOT NULL THEN RETURN known; END IF;
        INSERT INTO patient (id, practice_id, person_id, wrapped_key, given_name, family_name, birth_date, phone, email, name_index, birth_date_index, phone_index, email_index,
          language, zone, needs, text_consent, email_consent, registered_at, given_by)
        SELECT r.id, in_host, r.person_id, r.wrapped_key, r.given_name, r.family_name, r.birth_date, r.phone, r.email, r.name_index, r.birth_date_index, r.phone_index, r.email_index,
          r.language, r.zone, r.needs, r.text_consent, r.email_consent, in_at, ${TENANT}
        FROM jsonb_populate_record(NULL::patient, in_patient) AS r;
        RETURN (in_patient->>'id')::uuid;
      END $fn$;
      CREATE FUNCTION host_patient_of(in_host text, in_agreement uuid, in_at timestamptz, in_person uuid) RETURNS uuid LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public AS $fn$
        SELECT id FROM patient WHERE practice_id = in_host AND person_id = in_person AND erased_at IS NULL AND agreement_in_force(in_agreement, in_host, ${TENANT}, in_at) ORDER BY registered_at, id LIMIT 1
      $fn$;
      -- The minimal records that the tenant gave to hosts of its patient's coming visits and still answers for, each with the agreement in force that lets it.
      CREATE FUNCTION given_records(in_patient uuid, in_at timestamptz)
      RETURNS TABLE (id uuid, practice_id text, wrapped_key text, version int, agreement_id uuid, host_key text) LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public AS $fn$
        SELECT r.id, r.practice_id, r.wrapped_key, r.version, g.id, k.wrapped_key FROM patient own
          JOIN patient r ON r.person_id = own.person_id AND r.given_by = ${TENANT} AND r.wrapped_key IS NOT NULL
          JOIN practice_key k ON k.practice_id = r.practice_id
          JOIN LATERAL (SELECT a.id FROM agreement a WHERE agreement_in_force(a.id, r.practice_id, ${TENANT}, in_at) ORDER BY a.version DESC LIMIT 1) g ON true
        WHERE own.id = in_patient AND own.practice_id = ${TENANT}
          AND EXISTS (SELECT 1 FROM appointment v WHERE v.patient_id = r.id AND v.booking_id = ${TENANT} AND v.ends_at > in_at AND v.status IN ('pending', 'booked', 'arrived', 'checked-in'))
        ORDER BY r.id
      $fn$;
      -- False: the host has taken the record over meanwhile, or it changed.
      CREATE FUNCTION change_given_record(in_agreement uuid, in_at timestamptz, in_patient jsonb) RETURNS boolean LANGUAGE plpgsql SECURITY DEFINER SET search_path = public AS $fn$
      DECLARE
        changed int;
        r patient := jsonb_populate_record(NULL::patient, in_patient);
      BEGIN
        IF NOT agreement_in_force(in_agreement, r.practice_id, ${TENANT}, in_at) THEN
          RAISE EXCEPTION 'no agreement in force between host and tenant' USING ERRCODE = 'insufficient_privilege';
        END IF;
        UPDATE patient p SET given_name = r.given_name, family_name = r.family_name, birth_date = r.birth_date, phone = r.phone, email = r.email, name_index = r.name_index,
          birth_date_index = r.birth_date_index, phone_index = r.phone_index, email_index = r.email_index, language = r.language, zone = r.zone, needs = r.needs,
          text_consent = r.text_consent, email_consent = r.email_consent, deceased = r.deceased, version = r.version
        WHERE p.id = r.id AND p.practice_id = r.practice_id AND p.given_by = ${TENANT} AND p.version = r.version - 1;
        GET DIAGNOSTICS changed = ROW_COUNT;
        RETURN changed = 1;
      END $fn$;
      -- The one person of the tenant's network that full name, birth date and phone or e-mail agree on; never a phone or a birth date alone (twins).
      CREATE FUNCTION known_person(in_name text, in_birth_date text, in_phone text, in_email text) RETURNS uuid LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public AS $fn$
        SELECT CASE WHEN count(DISTINCT p.person_id) = 1 THEN (array_agg(p.person_id))[1] END FROM patient p
        WHERE p.birth_date_index = in_birth_date AND p.name_index = in_name AND (p.phone_index = in_phone OR p.email_index = in_email)
          AND p.wrapped_key IS NOT NULL AND (p.practice_id = ${TENANT} OR p.practice_id IN (${NETWORK}))
      $fn$;
      -- The wrapped key of a host, so that a minimal record can be sealed for it. Still wrapped by the master key.
      CREATE FUNCTION host_key(in_host text, in_agreement uuid, in_at timestamptz) RETURNS text LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public AS $fn$
        SELECT wrapped_key FROM practice_key WHERE practice_id = in_host AND agreement_in_force(in_agreement, in_host, ${TENANT}, in_at)
      $fn$;
    `);
  }
}
