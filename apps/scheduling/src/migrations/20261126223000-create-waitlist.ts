import { TENANT, protectByTenant, runtimeRoles } from '@slotmesh/persistence';
import type { MigrationInterface, QueryRunner } from 'typeorm';

const { worker } = runtimeRoles('scheduling');

export class CreateWaitlist20261126223000 implements MigrationInterface {
  name = 'CreateWaitlist20261126223000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE waitlist_entry (
        id uuid PRIMARY KEY, practice_id text NOT NULL REFERENCES practice, patient_id uuid NOT NULL REFERENCES patient, person_id uuid NOT NULL REFERENCES person, service_code text NOT NULL REFERENCES service,
        practices text[], weekdays smallint[], from_time text, to_time text, earliest date, latest date, latitude double precision, longitude double precision, radius_km double precision,
        notice_minutes int NOT NULL, urgency text NOT NULL CHECK (urgency IN ('urgent', 'soon', 'routine')), channels text[] NOT NULL, replaces_id uuid REFERENCES appointment,
        status text NOT NULL DEFAULT 'waiting' CHECK (status IN ('waiting', 'booked', 'withdrawn')), appointment_id uuid REFERENCES appointment,
        added_at timestamptz NOT NULL, version int NOT NULL DEFAULT 1, CHECK (num_nonnulls(latitude, longitude, radius_km) IN (0, 3))
      );
      CREATE UNIQUE INDEX waitlist_entry_once ON waitlist_entry (patient_id, service_code) WHERE status = 'waiting';
      CREATE INDEX waitlist_entry_waiting ON waitlist_entry (service_code, practice_id) WHERE status = 'waiting';
      CREATE INDEX waitlist_entry_practice ON waitlist_entry (practice_id, id);
      -- A time that was given back, and what became of it. Its hold keeps it while patients are asked.
      CREATE TABLE offer_round (
        id uuid PRIMARY KEY, host_id text NOT NULL REFERENCES practice, visit_type_id uuid NOT NULL REFERENCES visit_type, provider_id uuid NOT NULL REFERENCES provider, site_id uuid NOT NULL REFERENCES site,
        starts_at timestamptz NOT NULL, ends_at timestamptz NOT NULL, freed_by uuid NOT NULL REFERENCES appointment, freed_at timestamptz NOT NULL, hold_id uuid REFERENCES hold, cut_off timestamptz,
        state text NOT NULL DEFAULT 'new' CHECK (state IN ('new', 'open', 'filled', 'nobody-waits', 'exhausted', 'not-open', 'taken-by-desk')), made int NOT NULL DEFAULT 0,
        next_at timestamptz, ended_at timestamptz, appointment_id uuid REFERENCES appointment, CHECK ((next_at IS NULL) = (ended_at IS NOT NULL))
      );
      CREATE INDEX offer_round_due ON offer_round (next_at) WHERE next_at IS NOT NULL;
      CREATE INDEX offer_round_host ON offer_round (host_id, id);
      CREATE TABLE offer (
        id uuid PRIMARY KEY, round_id uuid NOT NULL REFERENCES offer_round, entry_id uuid NOT NULL REFERENCES waitlist_entry, practice_id text NOT NULL REFERENCES practice, host_id text NOT NULL REFERENCES practice,
        patient_id uuid NOT NULL REFERENCES patient, revision int NOT NULL DEFAULT 1, channels text[] NOT NULL,
        state text NOT NULL DEFAULT 'open' CHECK (state IN ('open', 'accepted', 'declined', 'expired', 'lost', 'not-reached', 'withdrawn')),
        offered_at timestamptz NOT NULL, expires_at timestamptz NOT NULL, ended_at timestamptz, UNIQUE (round_id, entry_id), CHECK ((state = 'open') = (ended_at IS NULL))
      );
      -- A patient thinks about one time at a time.
      CREATE UNIQUE INDEX offer_one_open ON offer (entry_id) WHERE state = 'open';
      CREATE INDEX offer_practice ON offer (practice_id, id);

      -- Called in the transaction that gives the time back, by whichever of the two practices does it; the host need not be the tenant.
      CREATE FUNCTION note_freed_time(in_round uuid, in_appointment uuid, in_now timestamptz) RETURNS void LANGUAGE sql SECURITY DEFINER SET search_path = public AS $fn$
        INSERT INTO offer_round (id, host_id, visit_type_id, provider_id, site_id, starts_at, ends_at, freed_by, freed_at, next_at)
        SELECT in_round, a.host_id, a.visit_type_id, a.provider_id, a.site_id, a.starts_at, a.ends_at, a.id, in_now, in_now FROM appointment a
        WHERE a.id = in_appointment AND a.starts_at > in_now AND (session_user = '${worker}' OR ${TENANT} IN (a.host_id, a.booking_id))
      $fn$;
      -- What an offer of the tenant is about. The round itself is its host's.
      CREATE FUNCTION offered_time(in_offer uuid)
      RETURNS TABLE (visit_type_id uuid, service_code text, modality text, provider_id uuid, site_id uuid, zone text, starts_at timestamptz, ends_at timestamptz) LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public AS $fn$
        SELECT r.visit_type_id, v.service_code, v.modality, r.provider_id, r.site_id, s.zone, r.starts_at, r.ends_at FROM offer o JOIN offer_round r ON r.id = o.round_id
          JOIN visit_type v ON v.id = r.visit_type_id JOIN site s ON s.id = r.site_id WHERE o.id = in_offer AND (session_user = '${worker}' OR o.practice_id = ${TENANT})
      $fn$;
    `);
    await protectByTenant(runner, 'scheduling', 'waitlist_entry', ['practice_id'], 'SELECT, INSERT, UPDATE');
    // Why SELECT only: rounds and offers move by the worker; a host sees that its time is offered, never to whom.
    await protectByTenant(runner, 'scheduling', 'offer_round', ['host_id'], 'SELECT');
    await protectByTenant(runner, 'scheduling', 'offer', ['practice_id'], 'SELECT');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP FUNCTION note_freed_time, offered_time; DROP TABLE offer, offer_round, waitlist_entry');
  }
}
