import type { MigrationInterface, QueryRunner } from 'typeorm';

export class CountMovesOnce1795911000000 implements MigrationInterface {
  name = 'CountMovesOnce1795911000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      -- Another visit goes on from it: the request is that one's, with the day of the first. Visits that were read before are not told apart until they are read again.
      ALTER TABLE visit ADD COLUMN goes_on boolean NOT NULL DEFAULT false;
      CREATE INDEX visit_goes_on ON visit (host, day) WHERE goes_on;
      -- When it was taken; the date alone said nothing of one that was taken late.
      ALTER TABLE access_snapshot ADD COLUMN at timestamptz;
      CREATE OR REPLACE FUNCTION visit_counts(v visit, sign int) RETURNS SETOF visit_delta LANGUAGE sql STABLE AS $fn$
        SELECT NULL::bigint, coalesce(v.request_day, v.day), v.host, v.booking, v.site, v.provider, v.service, v.visit_type, sign, sign * lead, sign * (lead = 0)::int, sign * (lead BETWEEN 1 AND 7)::int, sign * (lead BETWEEN 8 AND 14)::int,
          sign * (lead BETWEEN 15 AND 28)::int, sign * (lead > 28)::int, 0, 0, 0, 0, 0, 0, 0, 0, 0
        FROM (SELECT greatest(0, v.day - coalesce(v.request_day, v.day)) AS lead) l WHERE v.status <> 'entered-in-error' AND NOT v.goes_on
        UNION ALL
        SELECT NULL, v.day, v.host, v.booking, v.site, v.provider, v.service, v.visit_type, 0, 0, 0, 0, 0, 0, 0,
          sign * (v.status IN ('booked', 'arrived', 'checked-in'))::int, sign * (v.status = 'fulfilled')::int, sign * (v.status = 'noshow')::int, sign * (v.status = 'cancelled' AND v.late AND v.ended_by IS NOT DISTINCT FROM 'patient')::int,
          sign * (v.status = 'cancelled')::int, sign * (v.status = 'cancelled' AND v.ended_by IS NOT DISTINCT FROM 'practice')::int,
          sign * minutes * (v.status IN ('booked', 'arrived', 'checked-in'))::int, sign * minutes * (v.status = 'fulfilled')::int, sign * minutes * (v.status = 'noshow')::int
        FROM (SELECT (extract(epoch FROM v.end_at - v.start_at) / 60)::int AS minutes) m WHERE v.took_time AND v.status <> 'entered-in-error'
      $fn$;
      CREATE OR REPLACE VIEW measure_row WITH (security_invoker = true) AS
        SELECT m.measure, m.part, 'appointment/' || v.id AS id, v.host AS practice, v.site, v.provider, v.service, v.visit_type, v.day
        FROM (VALUES ('activity', 'numerator', '{fulfilled}'::text[]), ('no-show', 'numerator', '{noshow}'), ('no-show', 'denominator', '{noshow,fulfilled}'), ('late-cancel', 'denominator', '{noshow,fulfilled}'),
            ('bumped', 'denominator', '{booked,arrived,checked-in,fulfilled,noshow,cancelled}'), ('booked-ahead', 'numerator', '{booked,arrived,checked-in}'), ('fill', 'numerator', '{booked,arrived,checked-in,fulfilled,noshow}'),
            ('schedule-utilisation', 'numerator', '{booked,arrived,checked-in,fulfilled,noshow}'), ('provider-utilisation', 'numerator', '{fulfilled}'), ('scaling', 'numerator', '{fulfilled}')) AS m(measure, part, statuses)
        JOIN visit v ON v.status = ANY (m.statuses) WHERE v.took_time
        UNION ALL SELECT m.measure, m.part, 'appointment/' || v.id, v.host, v.site, v.provider, v.service, v.visit_type, v.day
          FROM (VALUES ('late-cancel', 'numerator'), ('late-cancel', 'denominator')) AS m(measure, part) CROSS JOIN visit v
          WHERE v.took_time AND v.status = 'cancelled' AND v.late AND v.ended_by = 'patient'
        UNION ALL SELECT 'schedule-utilisation', 'numerator', 'appointment/' || c.id, c.host, c.site, c.provider, c.service, c.visit_type, c.day FROM unused_late_cancel c
        UNION ALL SELECT 'bumped', 'numerator', 'appointment/' || v.id, v.host, v.site, v.provider, v.service, v.visit_type, v.day FROM visit v WHERE v.took_time AND v.status = 'cancelled' AND v.ended_by = 'practice'
        UNION ALL SELECT m.measure, m.part, 'appointment/' || v.id, v.host, v.site, v.provider, v.service, v.visit_type, coalesce(v.request_day, v.day)
          FROM (VALUES ('lead-time', 'numerator', 100000), ('lead-time', 'denominator', 100000), ('booked-within-week', 'numerator', 7), ('booked-within-week', 'denominator', 100000)) AS m(measure, part, most)
          JOIN visit v ON v.day - coalesce(v.request_day, v.day) <= m.most WHERE v.status <> 'entered-in-error' AND NOT v.goes_on
        UNION ALL SELECT 'demand', 'numerator', 'appointment/' || v.id, v.booking, NULL, NULL, v.service, NULL, coalesce(v.request_day, v.day) FROM visit v WHERE v.status <> 'entered-in-error' AND NOT v.goes_on
        UNION ALL SELECT m.measure, 'numerator', 'wait-list-entry/' || w.id, w.practice, NULL, NULL, w.service, NULL, (w.added_at AT TIME ZONE coalesce(p.zone, 'UTC'))::date
          FROM (VALUES ('demand'), ('waiting')) AS m(measure) CROSS JOIN waiting w LEFT JOIN practice p ON p.id = w.practice WHERE w.added_at IS NOT NULL AND CASE m.measure WHEN 'waiting' THEN w.ended_at IS NULL ELSE w.outcome IS DISTINCT FROM 'booked' END
        UNION ALL SELECT m.measure, 'numerator', 'empty-searches/' || e.id, e.practice, NULL, NULL, e.service, NULL, (e.hour AT TIME ZONE coalesce(p.zone, 'UTC'))::date FROM (VALUES ('demand'), ('empty-searches')) AS m(measure) CROSS JOIN empty_search e LEFT JOIN practice p ON p.id = e.practice
        -- A date stands behind all of its parts: by which part it was asked for decides which of its lines fit.
        UNION ALL SELECT m.measure, m.part, 'supply/' || s.id, s.host, s.site, s.provider, s.service, NULL, s.day
          FROM (VALUES ('supply', 'numerator'), ('fill', 'denominator'), ('schedule-utilisation', 'denominator'), ('provider-utilisation', 'denominator'), ('future-open', 'numerator'), ('future-open', 'denominator'), ('scaling', 'denominator')) AS m(measure, part) 
            CROSS JOIN (SELECT id, host, NULL::uuid AS site, provider, NULL::text AS service, day FROM supply_day UNION ALL SELECT supply, host, site, provider, service, day FROM supply_part) s
        UNION ALL SELECT m.measure, n.part, 'access/' || a.snapshot || '/' || a.provider || '/' || a.visit_type, a.host, a.site, a.provider, a.service, a.visit_type, a.day
          FROM (VALUES ('third-next-available'), ('third-next-available-working-days'), ('new-patient-wait'), ('beyond-horizon')) AS m(measure) CROSS JOIN (VALUES ('numerator'), ('denominator')) AS n(part) CROSS JOIN access_wait a
          WHERE CASE m.measure WHEN 'third-next-available-working-days' THEN a.working_days IS NOT NULL WHEN 'new-patient-wait' THEN a.patients IN ('new', 'all') WHEN 'beyond-horizon' THEN n.part = 'denominator' OR a.third_at IS NULL ELSE true END
        UNION ALL SELECT 'third-next-available-with-partners', n.part, 'access/' || w.snapshot || '/' || w.service, w.practice, NULL, NULL, w.service, NULL, w.day FROM (VALUES ('numerator'), ('denominator')) AS n(part) CROSS JOIN network_wait w
        UNION ALL SELECT 'rebooked', n.part, 'appointment/' || c.id, c.host, c.site, c.provider, c.service, c.visit_type, c.day FROM (VALUES ('numerator'), ('denominator')) AS n(part) CROSS JOIN visit c
          WHERE c.status = 'cancelled' AND c.took_time AND c.cancelled_at IS NOT NULL AND c.patient IS NOT NULL AND (n.part = 'denominator' OR EXISTS (SELECT FROM visit v WHERE v.host = c.host AND v.patient = c.patient AND v.service = c.service
            AND v.id <> c.id AND v.booked_at >= c.cancelled_at AND v.booked_at <= c.cancelled_at + interval '30 days' AND v.status <> 'entered-in-error'))
        UNION ALL SELECT m.measure, n.part, 'referral/' || r.id, r.sender, NULL, NULL, r.service, NULL, r.sent_day FROM (VALUES ('referrals-scheduled', 4), ('referrals-seen', 5), ('referrals-answered', 6)) AS m(measure, least)
          CROSS JOIN (VALUES ('numerator'), ('denominator')) AS n(part) CROSS JOIN referral r WHERE n.part = 'denominator' OR r.reached >= m.least
        UNION ALL SELECT m.measure, m.part, 'shared-time/' || d.id, d.host, NULL, NULL, NULL, NULL, d.day FROM (VALUES ('shared-offered', 'numerator'), ('shared-used', 'denominator'), ('shared-returned', 'numerator'), ('shared-returned', 'denominator')) AS m(measure, part) CROSS JOIN shared_day d
        UNION ALL SELECT 'shared-used', 'numerator', 'appointment/' || v.id, v.host, v.site, v.provider, v.service, v.visit_type, v.day FROM visit v WHERE v.took_time AND v.host <> v.booking AND v.status IN ('booked', 'arrived', 'checked-in', 'fulfilled', 'noshow');
    `);
  }

  async down(): Promise<void> {
    throw new Error('there is no way back: what was read stands in Kafka; drop the database and read it again instead');
  }
}
