import { TENANT, runtimeRoles } from '@slotmesh/persistence';
import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Counts below this are hidden from practices that took no part (P18). */
const SMALLEST_SHOWN = 11;
/** What practices see of each other, as before. */
const ACROSS = [
  'third-next-available', 'third-next-available-working-days', 'new-patient-wait', 'third-next-available-with-partners', 'sooner-with-partners', 'beyond-horizon', 'supply', 'shared-offered', 'shared-used', 'shared-returned', 'activity', 'no-show', 'late-cancel', 'bumped', 'lead-time', 'booked-within-week', 'fill', 'rebooked',
];
/** Others are told to ten: what is called off lies between what was booked and what was used, and is nobody's to know. */
const toTen = (count: string): string => `(round(${count} / 10.0) * 10)::int`;

/**
 * Three functions show visits between two practices to a third: by day, by month, and as time used in all. Whoever asked every day saw each new booking as a line or a count of one more, and what was used in all,
 * less what is shown of it, was what is hidden. Now nothing is told before it rests, nothing that is hidden leaves a line, and a total is told only where what is hidden in it is nothing or of eleven.
 */
export class TellThirdPartiesLess1795910000000 implements MigrationInterface {
  name = 'TellThirdPartiesLess1795910000000';

  async up(runner: QueryRunner): Promise<void> {
    const { app, worker } = runtimeRoles('capacity');
    await runner.query(`
      CREATE INDEX visit_count_shared ON visit_count (host, day) WHERE host <> booking;

      CREATE OR REPLACE FUNCTION shared_visit_cells(in_from date, in_to date, in_now timestamptz, in_network boolean)
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
          SELECT c.*, coalesce((SELECT practice FROM viewer) IN (c.host, c.booking), false) AS own
          -- Why left: a practice whose reference data has not come yet still sees its own numbers.
          FROM cell c LEFT JOIN practice h ON h.id = c.host LEFT JOIN practice b ON b.id = c.booking
          WHERE (SELECT practice FROM viewer) IN (c.host, c.booking)
             OR (((in_network AND (SELECT practice FROM viewer) IS NULL) OR (h.partnership = b.partnership AND h.partnership = (SELECT partnership FROM mine)))
                 -- As months of other measures: three days after it is over.
                 AND c.booked >= ${SMALLEST_SHOWN} AND c.day + interval '4 days' <= (in_now AT TIME ZONE 'UTC')::date)
        )
        SELECT s.host, s.booking, s.service, s.day, s.own, CASE WHEN s.own THEN s.booked ELSE ${toTen('s.booked')} END, CASE WHEN s.own THEN s.cancelled END,
          CASE WHEN s.own THEN s.fulfilled END, CASE WHEN s.own THEN s.no_show END, CASE WHEN s.own THEN s.unmarked END, CASE WHEN s.own THEN s.open END
        FROM seen s ORDER BY s.day, s.host, s.booking, s.service
      $fn$;

      -- By month what practices booked into calendars of these hosts, how many of it no third practice is shown: neither by day (shared_visit_cells) nor by month (shared_visit_months). Of the owner alone.
      CREATE FUNCTION shared_visit_sight(in_hosts text[], in_from date, in_to date)
        RETURNS TABLE (host text, booking text, service text, month date, visits int, used int, minutes bigint, month_shown boolean, used_hidden int)
        LANGUAGE sql STABLE SET search_path = public, pg_temp AS $fn$
        WITH by_day AS (
          SELECT v.host, v.booking, v.service, v.day, sum(v.under_way + v.fulfilled + v.no_show + v.cancelled)::int AS visits, sum(v.under_way + v.fulfilled + v.no_show)::int AS used,
            sum(v.minutes_under_way + v.minutes_fulfilled + v.minutes_no_show) AS minutes
          FROM visit_fact v WHERE cardinality(in_hosts) > 0 AND v.host = ANY (in_hosts) AND v.host <> v.booking AND v.day >= date_trunc('month', in_from) AND v.day < date_trunc('month', in_to) + interval '1 month'
          GROUP BY v.host, v.booking, v.service, v.day HAVING sum(v.under_way + v.fulfilled + v.no_show + v.cancelled) > 0
        ),
        by_month AS (
          SELECT d.host, d.booking, d.service, date_trunc('month', d.day)::date AS month, sum(d.visits)::int AS visits, sum(d.used)::int AS used, sum(d.minutes)::bigint AS minutes,
            coalesce(sum(d.visits) FILTER (WHERE d.visits >= ${SMALLEST_SHOWN}), 0)::int AS by_days, coalesce(sum(d.used) FILTER (WHERE d.visits < ${SMALLEST_SHOWN}), 0)::int AS used_beside_days
          FROM by_day d GROUP BY 1, 2, 3, 4
        )
        SELECT m.host, m.booking, m.service, m.month, m.visits, m.used, m.minutes, s.shown, CASE WHEN s.partners AND s.shown THEN 0 WHEN s.partners THEN m.used_beside_days ELSE m.used END
        FROM by_month m LEFT JOIN practice h ON h.id = m.host LEFT JOIN practice b ON b.id = m.booking
        CROSS JOIN LATERAL (SELECT m.visits >= ${SMALLEST_SHOWN} AND (m.visits = m.by_days OR m.visits - m.by_days >= ${SMALLEST_SHOWN}) AS shown, coalesce(h.partnership = b.partnership, false) AS partners) s
      $fn$;
      REVOKE ALL ON FUNCTION shared_visit_sight FROM PUBLIC;

      CREATE OR REPLACE FUNCTION shared_visit_months(in_from date, in_to date, in_today date) RETURNS TABLE (host text, booking text, service text, month date, own boolean, visits int)
        LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $fn$
        WITH viewer AS (SELECT ${TENANT} AS practice),
        mine AS (SELECT p.partnership FROM practice p JOIN viewer v ON p.id = v.practice),
        cell AS (
          SELECT s.*, coalesce((SELECT practice FROM viewer) IN (s.host, s.booking), false) AS own
          FROM shared_visit_sight(ARRAY(SELECT p.id FROM practice p WHERE p.id = (SELECT practice FROM viewer) OR p.partnership = (SELECT partnership FROM mine)), in_from, in_to) s
        )
        SELECT c.host, c.booking, c.service, c.month, c.own, CASE WHEN c.own THEN c.visits WHEN c.month_shown THEN ${toTen('c.visits')} END
        FROM cell c LEFT JOIN practice h ON h.id = c.host LEFT JOIN practice b ON b.id = c.booking
        WHERE c.own OR (h.partnership = b.partnership AND h.partnership = (SELECT partnership FROM mine) AND c.month + interval '1 month 3 days' <= in_today)
        ORDER BY c.month, c.host, c.booking, c.service
      $fn$;

      CREATE OR REPLACE FUNCTION network_measure(in_measure text, in_from date, in_to date, in_today date, in_network boolean)
        RETURNS TABLE (practice text, service text, month date, own boolean, numerator float8, denominator float8, shown boolean)
        LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $fn$
        WITH viewer AS (SELECT ${TENANT} AS practice),
        mine AS (SELECT p.partnership FROM practice p JOIN viewer v ON p.id = v.practice),
        -- Who booked some of the visits behind time that was used knows them, and is shown some of others: what is left must be enough, or nothing.
        others AS (
          SELECT s.host, s.month, sum(s.minutes)::float8 / nullif(sum(s.used), 0) AS minutes_each,
            coalesce(sum(s.used) FILTER (WHERE s.booking IS DISTINCT FROM (SELECT v.practice FROM viewer v)), 0) AS used, coalesce(sum(s.used_hidden) FILTER (WHERE s.booking IS DISTINCT FROM (SELECT v.practice FROM viewer v)), 0) AS hidden
          FROM shared_visit_sight(CASE WHEN in_measure IN ('shared-used', 'shared-returned') THEN ARRAY(SELECT p.id FROM practice p WHERE p.partnership = (SELECT partnership FROM mine) OR (in_network AND (SELECT v.practice FROM viewer v) IS NULL AND p.partnership IS NOT NULL)) ELSE '{}' END, in_from, in_to) s
          GROUP BY s.host, s.month
        ),
        cell AS (
          SELECT c.*, coalesce(c.practice = (SELECT v.practice FROM viewer v), false) AS own, o.used, o.hidden, ${SMALLEST_SHOWN} * o.minutes_each AS step
          FROM month_cell c LEFT JOIN practice p ON p.id = c.practice LEFT JOIN others o ON o.host = c.practice AND o.month = c.month
          WHERE c.measure = in_measure AND c.month BETWEEN date_trunc('month', in_from)::date AND in_to AND (c.practice = (SELECT v.practice FROM viewer v)
             OR (((in_network AND (SELECT v.practice FROM viewer v) IS NULL AND p.partnership IS NOT NULL) OR p.partnership = (SELECT partnership FROM mine)) AND c.measure = ANY ('{${ACROSS.join(',')}}'::text[]) AND c.month + interval '1 month 3 days' <= in_today))
        )
        SELECT c.practice, c.service, c.month, c.own,
          -- Used, returned and what was called off late make up what was opened: others are told the two to so many minutes as ${SMALLEST_SHOWN} visits take.
          CASE WHEN c.own OR c.step IS NULL OR c.measure NOT IN ('shared-used', 'shared-returned') THEN c.numerator ELSE least(round(c.numerator / c.step) * c.step, coalesce(c.denominator, 'infinity')) END, c.denominator,
          c.own OR CASE WHEN c.measure IN ('shared-used', 'shared-returned') THEN coalesce(c.used >= ${SMALLEST_SHOWN} AND (c.hidden = 0 OR c.hidden >= ${SMALLEST_SHOWN}), false)
            ELSE (c.people IS NULL OR c.people >= ${SMALLEST_SHOWN}) AND (c.rest IS NULL OR c.rest >= ${SMALLEST_SHOWN}) END
        FROM cell c ORDER BY c.month, c.practice, c.service
      $fn$;
      REVOKE ALL ON FUNCTION shared_visit_cells, shared_visit_months, network_measure FROM PUBLIC;
      GRANT EXECUTE ON FUNCTION shared_visit_cells, shared_visit_months, network_measure TO ${app};
      -- Advice is made from what its practice may read of others.
      GRANT EXECUTE ON FUNCTION network_measure TO ${worker};
    `);
  }

  async down(): Promise<void> {
    throw new Error('there is no way back to functions that tell of single bookings: restore the database instead');
  }
}
