import { TENANT, createCommonTables, protectByTenant, runtimeRoles } from '@slotmesh/persistence';
import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Counts below this are hidden from practices that took no part (P18). */
const SMALLEST_SHOWN = 11;

export class CreateCapacity1795449600000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await createCommonTables(runner, 'capacity');
    const { app, worker } = runtimeRoles('capacity');
    await runner.query(`
      CREATE TABLE visit (
        id uuid PRIMARY KEY, revision int NOT NULL, status text NOT NULL, host text NOT NULL, booking text NOT NULL,
        site uuid NOT NULL, provider uuid NOT NULL, visit_type uuid NOT NULL, service text NOT NULL, modality text NOT NULL,
        start_at timestamptz NOT NULL, end_at timestamptz NOT NULL, zone text NOT NULL,
        -- The date on the wall of the site at the start: the measure's clock.
        day date NOT NULL, booked_at timestamptz NOT NULL,
        -- Whether it ever took time: a request that was declined never did.
        took_time boolean NOT NULL, changed_at timestamptz NOT NULL
      );
      CREATE INDEX visit_day ON visit (day, host, booking);
      CREATE INDEX visit_end ON visit (end_at) WHERE status = 'booked';
      CREATE TABLE hold (
        id uuid PRIMARY KEY, host text NOT NULL, holder text NOT NULL, provider uuid NOT NULL, visit_type uuid NOT NULL, site uuid NOT NULL,
        start_at timestamptz NOT NULL, end_at timestamptz NOT NULL, placed_at timestamptz NOT NULL, ended_at timestamptz, outcome text, changed_at timestamptz NOT NULL
      );
      CREATE TABLE practice (id text PRIMARY KEY, name text NOT NULL, zone text NOT NULL, partnership uuid, staffed boolean NOT NULL, changed_at timestamptz NOT NULL);
      CREATE TABLE visit_type (id uuid PRIMARY KEY, practice text NOT NULL, service text NOT NULL, name text NOT NULL, duration_minutes int NOT NULL, modality text NOT NULL, changed_at timestamptz NOT NULL);
      CREATE TABLE agreement (
        id uuid NOT NULL, version int NOT NULL, partnership uuid NOT NULL, status text NOT NULL, practices text[] NOT NULL,
        effective_from timestamptz NOT NULL, effective_to timestamptz, changed_at timestamptz NOT NULL, PRIMARY KEY (id, version)
      );

      -- Facts that every practice publishes about itself.
      GRANT SELECT ON practice, visit_type TO ${app};
      GRANT SELECT, INSERT, UPDATE ON practice, visit_type TO ${worker};
      ALTER TABLE agreement ENABLE ROW LEVEL SECURITY; ALTER TABLE agreement FORCE ROW LEVEL SECURITY;
      CREATE POLICY agreement_party ON agreement FOR SELECT TO ${app} USING (${TENANT} = ANY (practices));
      CREATE POLICY agreement_worker ON agreement TO ${worker} USING (true) WITH CHECK (true);
      CREATE POLICY agreement_owner ON agreement TO CURRENT_USER USING (true) WITH CHECK (true);
      GRANT SELECT ON agreement TO ${app};
      GRANT SELECT, INSERT, UPDATE ON agreement TO ${worker};
    `);
    await protectByTenant(runner, 'capacity', 'visit', ['host', 'booking'], 'SELECT');
    await protectByTenant(runner, 'capacity', 'hold', ['host', 'holder'], 'SELECT');
    await runner.query(`
      -- Counts of visits that one practice booked into another's calendar. The app role sees only rows of its own practice, so counts of others leave the
      -- database here alone, and never a small one: under ${SMALLEST_SHOWN} booked, nothing; any part under ${SMALLEST_SHOWN}, no part at all, because parts add up to what was booked.
      -- The tenant sees its partnership; in_network is for the network's operator, who belongs to no practice.
      CREATE FUNCTION shared_visit_cells(in_from date, in_to date, in_now timestamptz, in_network boolean)
        RETURNS TABLE (host text, booking text, service text, day date, own boolean, booked int, cancelled int, fulfilled int, no_show int, unmarked int, open int)
        LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $fn$
        WITH viewer AS (SELECT ${TENANT} AS practice),
        mine AS (SELECT p.partnership FROM practice p JOIN viewer v ON p.id = v.practice),
        cell AS (
          SELECT v.host, v.booking, v.service, v.day,
            count(*)::int AS booked,
            (count(*) FILTER (WHERE v.status = 'cancelled'))::int AS cancelled,
            (count(*) FILTER (WHERE v.status = 'fulfilled'))::int AS fulfilled,
            (count(*) FILTER (WHERE v.status = 'noshow'))::int AS no_show,
            (count(*) FILTER (WHERE v.status IN ('booked', 'arrived', 'checked-in') AND v.end_at <= in_now))::int AS unmarked,
            (count(*) FILTER (WHERE v.status IN ('booked', 'arrived', 'checked-in') AND v.end_at > in_now))::int AS open
          FROM visit v
          WHERE v.day BETWEEN in_from AND in_to AND v.host <> v.booking AND v.took_time AND v.status IN ('booked', 'arrived', 'checked-in', 'fulfilled', 'noshow', 'cancelled')
          GROUP BY v.host, v.booking, v.service, v.day
        ),
        seen AS (
          SELECT c.*, (SELECT practice FROM viewer) IN (c.host, c.booking) AS own
          -- Why left: a practice whose reference data has not come yet still sees its own numbers.
          FROM cell c LEFT JOIN practice h ON h.id = c.host LEFT JOIN practice b ON b.id = c.booking
          WHERE (in_network AND (SELECT practice FROM viewer) IS NULL)
             OR (SELECT practice FROM viewer) IN (c.host, c.booking)
             OR (h.partnership = b.partnership AND h.partnership = (SELECT partnership FROM mine))
        ),
        judged AS (SELECT s.*, coalesce(s.own, false) OR s.booked >= ${SMALLEST_SHOWN} AS total_shown,
          coalesce(s.own, false) OR least(s.cancelled, s.fulfilled, s.no_show, s.unmarked, s.open) >= ${SMALLEST_SHOWN} AS parts_shown FROM seen s)
        SELECT j.host, j.booking, j.service, j.day, coalesce(j.own, false), CASE WHEN total_shown THEN j.booked END, CASE WHEN parts_shown THEN j.cancelled END,
          CASE WHEN parts_shown THEN j.fulfilled END, CASE WHEN parts_shown THEN j.no_show END, CASE WHEN parts_shown THEN j.unmarked END, CASE WHEN parts_shown THEN j.open END
        FROM judged j ORDER BY j.day, j.host, j.booking, j.service
      $fn$;
      REVOKE ALL ON FUNCTION shared_visit_cells FROM PUBLIC;
      GRANT EXECUTE ON FUNCTION shared_visit_cells TO ${app};

      -- How far the sources have come: ids of no person or practice.
      CREATE FUNCTION source_progress() RETURNS TABLE (topic text, records bigint, last_at timestamptz, parked bigint)
        LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $fn$
        WITH own AS (
          SELECT 'scheduling.appointment.v1' AS topic, count(*) AS records, max(changed_at) AS last_at FROM visit
          UNION ALL SELECT 'scheduling.hold.v1', count(*), max(changed_at) FROM hold
          UNION ALL SELECT 'scheduling.agreement.v1', count(*), max(changed_at) FROM agreement
          UNION ALL SELECT 'scheduling.practice.v1', count(*), max(changed_at) FROM practice
          UNION ALL SELECT 'scheduling.visit-type.v1', count(*), max(changed_at) FROM visit_type
        )
        SELECT o.topic, o.records, o.last_at, (SELECT count(*) FROM parked_event p WHERE p.topic = o.topic) FROM own o
      $fn$;
      REVOKE ALL ON FUNCTION source_progress FROM PUBLIC;
      GRANT EXECUTE ON FUNCTION source_progress TO ${app};
    `);
  }

  async down(): Promise<void> {
    throw new Error('there is no way back from the first migration: drop the database instead');
  }
}
