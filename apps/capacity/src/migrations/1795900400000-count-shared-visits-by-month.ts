import { TENANT, runtimeRoles } from '@slotmesh/persistence';
import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Counts below this are hidden from practices that took no part (P18). */
const SMALLEST_SHOWN = 11;

export class CountSharedVisitsByMonth1795900400000 implements MigrationInterface {
  name = 'CountSharedVisitsByMonth1795900400000';

  async up(runner: QueryRunner): Promise<void> {
    const { app } = runtimeRoles('capacity');
    await runner.query(`
      -- Visits that one practice of the tenant's partnership booked into another's calendar, by service and month. The two practices see the count. Others see it of months that are over, where it is ${SMALLEST_SHOWN} or more,
      -- and where what is left of it beside the days that shared_visit_cells shows them is nothing, or as many.
      CREATE FUNCTION shared_visit_months(in_from date, in_to date, in_today date) RETURNS TABLE (host text, booking text, service text, month date, own boolean, visits int)
        LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $fn$
        WITH viewer AS (SELECT ${TENANT} AS practice),
        mine AS (SELECT p.partnership FROM practice p JOIN viewer v ON p.id = v.practice),
        by_day AS (
          SELECT v.host, v.booking, v.service, date_trunc('month', v.day)::date AS month, sum(v.under_way + v.fulfilled + v.no_show + v.cancelled)::int AS visits
          FROM visit_fact v
          WHERE v.host IN (SELECT p.id FROM practice p WHERE p.id = (SELECT practice FROM viewer) OR p.partnership = (SELECT partnership FROM mine))
            AND v.day >= in_from AND v.day < in_to + interval '1 month' AND v.host <> v.booking
          GROUP BY v.host, v.booking, v.service, v.day HAVING sum(v.under_way + v.fulfilled + v.no_show + v.cancelled) > 0
        ),
        cell AS (
          SELECT d.host, d.booking, d.service, d.month, sum(d.visits)::int AS visits, coalesce(sum(d.visits) FILTER (WHERE d.visits >= ${SMALLEST_SHOWN}), 0)::int AS shown_by_day, (SELECT practice FROM viewer) IN (d.host, d.booking) AS own
          FROM by_day d GROUP BY d.host, d.booking, d.service, d.month
        )
        SELECT c.host, c.booking, c.service, c.month, coalesce(c.own, false),
          CASE WHEN coalesce(c.own, false) OR (c.visits >= ${SMALLEST_SHOWN} AND (c.visits = c.shown_by_day OR c.visits - c.shown_by_day >= ${SMALLEST_SHOWN})) THEN c.visits END
        FROM cell c LEFT JOIN practice h ON h.id = c.host LEFT JOIN practice b ON b.id = c.booking
        WHERE c.own OR (h.partnership = b.partnership AND h.partnership = (SELECT partnership FROM mine) AND c.month + interval '1 month' <= in_today)
        ORDER BY c.month, c.host, c.booking, c.service
      $fn$;

      -- From which month until which each practice of the tenant's partnership shares (until null: still), by its first and its last agreement: an agreement itself is read by its parties alone.
      CREATE FUNCTION sharing_months(in_now timestamptz) RETURNS TABLE (practice text, since date, until date)
        LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $fn$
        WITH viewer AS (SELECT ${TENANT} AS practice),
        mine AS (SELECT p.partnership FROM practice p JOIN viewer v ON p.id = v.practice)
        SELECT p.id, date_trunc('month', min(a.effective_from) AT TIME ZONE 'UTC')::date,
          CASE WHEN bool_and(a.effective_to <= in_now) THEN date_trunc('month', max(a.effective_to) AT TIME ZONE 'UTC')::date END
        FROM practice p JOIN agreement a ON p.id = ANY (a.practices) AND a.status IN ('in-force', 'superseded', 'terminated') AND a.effective_from <= in_now AND (a.effective_to IS NULL OR a.effective_to > a.effective_from)
        WHERE p.id = (SELECT v.practice FROM viewer v) OR p.partnership = (SELECT partnership FROM mine)
        GROUP BY p.id
      $fn$;
      REVOKE ALL ON FUNCTION shared_visit_months, sharing_months FROM PUBLIC;
      GRANT EXECUTE ON FUNCTION shared_visit_months, sharing_months TO ${app};
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP FUNCTION shared_visit_months, sharing_months');
  }
}
