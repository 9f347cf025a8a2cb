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
          SELECT v.host, v.booking, v.service, date_trunc('month', v.day)::date AS month, count(*)::int AS visits
          FROM visit v
          WHERE v.day >= in_from AND v.day < in_to + interval '1 month' AND v.host <> v.booking AND v.took_time AND v.status IN ('booked', 'arrived', 'checked-in', 'fulfilled', 'noshow', 'cancelled')
          GROUP BY v.host, v.booking, v.service, v.day
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

      -- Since which month each practice of the tenant's partnership shares, by its first agreement: an agreement itself is read by its parties alone.
      CREATE FUNCTION sharing_since(in_now timestamptz) RETURNS TABLE (practice text, month date)
        LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $fn$
        WITH viewer AS (SELECT ${TENANT} AS practice),
        mine AS (SELECT p.partnership FROM practice p JOIN viewer v ON p.id = v.practice)
        SELECT p.id, date_trunc('month', min(a.effective_from) AT TIME ZONE 'UTC')::date
        FROM practice p JOIN agreement a ON p.id = ANY (a.practices) AND a.status IN ('in-force', 'superseded', 'terminated') AND a.effective_from <= in_now
        WHERE p.id = (SELECT v.practice FROM viewer v) OR p.partnership = (SELECT partnership FROM mine)
        GROUP BY p.id
      $fn$;
      REVOKE ALL ON FUNCTION shared_visit_months, sharing_since FROM PUBLIC;
      GRANT EXECUTE ON FUNCTION shared_visit_months, sharing_since TO ${app};
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP FUNCTION shared_visit_months, sharing_since');
  }
}
