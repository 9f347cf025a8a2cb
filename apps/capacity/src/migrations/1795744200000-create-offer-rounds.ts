import { TENANT, protectByTenant, runtimeRoles } from '@slotmesh/persistence';
import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Counts below this are hidden from practices that took no part (P18). */
const SMALLEST_SHOWN = 11;

export class CreateOfferRounds1795744200000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    const { app } = runtimeRoles('capacity');
    await runner.query(`
      CREATE TABLE offer_round (
        id uuid PRIMARY KEY, host text NOT NULL, service text NOT NULL, visit_type uuid NOT NULL, provider uuid NOT NULL, site uuid NOT NULL, start_at timestamptz NOT NULL, end_at timestamptz NOT NULL, zone text NOT NULL,
        freed_by uuid, freed_at timestamptz NOT NULL, ended_at timestamptz NOT NULL,
        -- First day of the month on the wall of the site when it ended: the measure's clock.
        month date NOT NULL, outcome text NOT NULL, offers int NOT NULL, appointment uuid, changed_at timestamptz NOT NULL
      );
      CREATE INDEX offer_round_month ON offer_round (month, host, service);
    `);
    await protectByTenant(runner, 'capacity', 'offer_round', ['host'], 'SELECT');
    await runner.query(`
      -- Like shared_visit_cells: counts of others leave the database here alone, and never a small one or what one could be computed from. Of others only months that
      -- are over everywhere: a month under way, read day by day, would show single offers.
      CREATE FUNCTION backfill_cells(in_from date, in_to date, in_now timestamptz, in_network boolean)
        RETURNS TABLE (host text, service text, month date, own boolean, offered int, filled int, taken_by_desk int, unfilled int, unoffered int, offers int, minutes_median int, minutes_p90 int)
        LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $fn$
        WITH viewer AS (SELECT ${TENANT} AS practice),
        mine AS (SELECT p.partnership FROM practice p JOIN viewer v ON p.id = v.practice),
        judged_round AS (SELECT r.*, r.offers > 0 AS was_offered, extract(epoch FROM r.ended_at - r.freed_at) / 60 AS minutes FROM offer_round r WHERE r.month BETWEEN in_from AND in_to),
        cell AS (
          SELECT r.host, r.service, r.month,
            (count(*) FILTER (WHERE was_offered))::int AS offered,
            (count(*) FILTER (WHERE was_offered AND outcome = 'filled'))::int AS filled,
            (count(*) FILTER (WHERE was_offered AND outcome = 'taken-by-desk'))::int AS taken_by_desk,
            (count(*) FILTER (WHERE was_offered AND outcome NOT IN ('filled', 'taken-by-desk')))::int AS unfilled,
            (count(*) FILTER (WHERE NOT was_offered))::int AS unoffered,
            sum(r.offers)::int AS offers,
            round(percentile_cont(0.5) WITHIN GROUP (ORDER BY minutes) FILTER (WHERE was_offered AND outcome = 'filled'))::int AS minutes_median,
            round(percentile_cont(0.9) WITHIN GROUP (ORDER BY minutes) FILTER (WHERE was_offered AND outcome = 'filled'))::int AS minutes_p90
          FROM judged_round r GROUP BY r.host, r.service, r.month
        ),
        seen AS (
          SELECT c.*, coalesce((SELECT practice FROM viewer) = c.host, false) AS own
          -- Why left: a practice whose reference data has not come yet still sees its own numbers.
          FROM cell c LEFT JOIN practice h ON h.id = c.host
          WHERE (SELECT practice FROM viewer) = c.host
             OR (((in_network AND (SELECT practice FROM viewer) IS NULL) OR h.partnership = (SELECT partnership FROM mine))
                 AND (c.month + interval '1 month') AT TIME ZONE 'UTC' <= in_now - interval '1 day')
        ),
        judged AS (SELECT s.*, s.own OR s.offered >= ${SMALLEST_SHOWN} AS total_shown, s.own OR least(s.filled, s.taken_by_desk, s.unfilled) >= ${SMALLEST_SHOWN} AS parts_shown,
          s.own OR s.unoffered >= ${SMALLEST_SHOWN} AS unoffered_shown FROM seen s)
        SELECT j.host, j.service, j.month, j.own, CASE WHEN total_shown THEN j.offered END, CASE WHEN parts_shown THEN j.filled END, CASE WHEN parts_shown THEN j.taken_by_desk END, CASE WHEN parts_shown THEN j.unfilled END,
          CASE WHEN unoffered_shown THEN j.unoffered END, CASE WHEN parts_shown THEN j.offers END, CASE WHEN parts_shown THEN j.minutes_median END, CASE WHEN parts_shown THEN j.minutes_p90 END
        FROM judged j ORDER BY j.month, j.host, j.service
      $fn$;
      REVOKE ALL ON FUNCTION backfill_cells FROM PUBLIC;
      GRANT EXECUTE ON FUNCTION backfill_cells TO ${app};

      CREATE OR REPLACE FUNCTION source_progress() RETURNS TABLE (topic text, records bigint, last_at timestamptz, parked bigint)
        LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $fn$
        WITH own AS (
          SELECT 'scheduling.appointment.v1' AS topic, count(*) AS records, max(changed_at) AS last_at FROM visit
          UNION ALL SELECT 'scheduling.hold.v1', count(*), max(changed_at) FROM hold
          UNION ALL SELECT 'scheduling.agreement.v1', count(*), max(changed_at) FROM agreement
          UNION ALL SELECT 'scheduling.practice.v1', count(*), max(changed_at) FROM practice
          UNION ALL SELECT 'scheduling.visit-type.v1', count(*), max(changed_at) FROM visit_type
          UNION ALL SELECT 'scheduling.offer-round.v1', count(*), max(changed_at) FROM offer_round
        )
        SELECT o.topic, o.records, o.last_at, (SELECT count(*) FROM parked_event p WHERE p.topic = o.topic) FROM own o
      $fn$;
    `);
  }

  async down(): Promise<void> {
    throw new Error('there is no way back: what was read stands in Kafka; drop the database and read it again instead');
  }
}
