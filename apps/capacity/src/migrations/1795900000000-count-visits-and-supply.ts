import { TENANT, protectByTenant, runtimeRoles } from '@slotmesh/persistence';
import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Counts below this are hidden from other practices (P18). */
const SMALLEST_SHOWN = 11;
/** What one visit adds to its cells. Sums of these do not depend on the order in which visits came. */
const COUNTS = ['requests', 'lead_days', 'lead_same_day', 'lead_week', 'lead_fortnight', 'lead_month', 'lead_longer', 'under_way', 'fulfilled', 'no_show', 'late_cancelled', 'cancelled', 'bumped', 'minutes_under_way', 'minutes_fulfilled', 'minutes_no_show'];
const DIMENSIONS = ['day', 'host', 'booking', 'site', 'provider', 'service', 'visit_type'];

/** Where each topic's facts are kept. */
const SOURCES = [
  ['scheduling.appointment.v1', 'visit'], ['scheduling.hold.v1', 'hold'], ['scheduling.agreement.v1', 'agreement'], ['scheduling.practice.v1', 'practice'], ['scheduling.visit-type.v1', 'visit_type'], ['scheduling.offer-round.v1', 'offer_round'],
  ['reminders.message-request.v1', 'message_request'], ['notifications.message.v1', 'message_outcome'], ['scheduling.supply.v1', 'supply_day'], ['scheduling.access.v1', 'access_snapshot'], ['scheduling.search.v1', 'empty_search'],
  ['scheduling.waitlist-entry.v1', 'waiting'], ['scheduling.referral.v1', 'referral'], ['scheduling.shared-time.v1', 'shared_day'],
] as const;

/** What practices see of each other: nobody can be recognised by waits and hours, and of the rest each differs from the others by so much that no difference is a few people. */
const ACROSS = [
  'third-next-available', 'third-next-available-working-days', 'new-patient-wait', 'third-next-available-with-partners', 'sooner-with-partners', 'beyond-horizon', 'supply', 'shared-offered', 'shared-used', 'shared-returned', 'activity', 'no-show', 'late-cancel', 'bumped', 'lead-time', 'booked-within-week', 'fill', 'rebooked',
];
/** Tables whose rows lie in a month of a practice: whose, and on which day. */
const MARKED = [
  ['supply_day', 'host', 'day'], ['supply_part', 'host', 'day'], ['access_wait', 'host', 'day'], ['shared_day', 'host', 'day'], ['network_wait', 'practice', 'day'], ['empty_search', 'practice', "(hour AT TIME ZONE coalesce((SELECT p.zone FROM practice p WHERE p.id = changed.practice), 'UTC'))"],
  ['waiting', 'practice', "(added_at AT TIME ZONE coalesce((SELECT p.zone FROM practice p WHERE p.id = changed.practice), 'UTC'))"], ['referral', 'sender', 'sent_day'],
] as const;

export class CountVisitsAndSupply1795900000000 implements MigrationInterface {
  name = 'CountVisitsAndSupply1795900000000';

  async up(runner: QueryRunner): Promise<void> {
    const { app, worker } = runtimeRoles('capacity');
    const columns = COUNTS.map((name) => `${name} int NOT NULL DEFAULT 0`).join(', ');
    const dimensions = 'day date NOT NULL, host text NOT NULL, booking text NOT NULL, site uuid NOT NULL, provider uuid NOT NULL, service text NOT NULL, visit_type uuid NOT NULL';
    await runner.query(`
      -- An id without a name: to see whether a patient who was called off came back. Visits that were read before have none until they are read again.
      ALTER TABLE visit ADD COLUMN patient uuid, ADD COLUMN request_day date, ADD COLUMN cancelled_at timestamptz, ADD COLUMN ended_by text CHECK (ended_by IN ('patient', 'practice')), ADD COLUMN late boolean NOT NULL DEFAULT false,
        -- Another visit goes on from it: the request is that one's, with the day of the first.
        ADD COLUMN goes_on boolean NOT NULL DEFAULT false;
      CREATE INDEX visit_goes_on ON visit (host, day) WHERE goes_on;
      CREATE INDEX visit_patient ON visit (host, patient, booked_at) WHERE patient IS NOT NULL;
      CREATE INDEX visit_called_off ON visit (host, day) WHERE status = 'cancelled';
      CREATE INDEX visit_provider ON visit (provider, start_at);
      -- What was read before knew when it was booked.
      UPDATE visit SET request_day = (booked_at AT TIME ZONE zone)::date;

      -- What each visit adds to the counts, as it came: taken together by a worker, so that no two events ever wait for one row.
      CREATE TABLE visit_delta (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, ${dimensions}, ${columns});
      CREATE TABLE visit_count (${dimensions}, ${columns}, PRIMARY KEY (${DIMENSIONS.join(', ')}));
      CREATE INDEX visit_count_host ON visit_count (host, day);
      -- Demand is counted where it comes from.
      CREATE INDEX visit_count_booking ON visit_count (booking, day);

      -- One row: the day on which the visit was asked for; one: the day for which it was made.
      CREATE FUNCTION visit_counts(v visit, sign int) RETURNS SETOF visit_delta LANGUAGE sql STABLE AS $fn$
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
      CREATE FUNCTION count_visit() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $fn$ BEGIN
        INSERT INTO visit_delta (${[...DIMENSIONS, ...COUNTS].join(', ')}) SELECT ${[...DIMENSIONS, ...COUNTS].map((name) => `c.${name}`).join(', ')} FROM visit_counts(NEW, 1) AS c;
        IF TG_OP = 'UPDATE' THEN
          INSERT INTO visit_delta (${[...DIMENSIONS, ...COUNTS].join(', ')}) SELECT ${[...DIMENSIONS, ...COUNTS].map((name) => `c.${name}`).join(', ')} FROM visit_counts(OLD, -1) AS c;
        END IF;
        RETURN NULL; END $fn$;
      CREATE TRIGGER visit_counted AFTER INSERT OR UPDATE ON visit FOR EACH ROW EXECUTE FUNCTION count_visit();
      INSERT INTO visit_count (${[...DIMENSIONS, ...COUNTS].join(', ')}) SELECT ${DIMENSIONS.map((name) => `c.${name}`).join(', ')}, ${COUNTS.map((name) => `sum(c.${name})`).join(', ')} FROM visit v CROSS JOIN LATERAL visit_counts(v, 1) c
        GROUP BY ${DIMENSIONS.map((name) => `c.${name}`).join(', ')};

      -- Minutes of a provider's date before bookings, as they were stated last; its parts by site and by service (these overlap).
      CREATE TABLE supply_day (id uuid PRIMARY KEY, host text NOT NULL, provider uuid NOT NULL, day date NOT NULL, minutes int NOT NULL, shared int NOT NULL, changed_at timestamptz NOT NULL);
      -- From which day on anything is known of a host's hours: before it, visits would be a share of nothing.
      CREATE TABLE supply_since (host text PRIMARY KEY, since date NOT NULL);
      CREATE INDEX supply_day_host ON supply_day (host, day);
      CREATE TABLE supply_part (supply uuid NOT NULL, host text NOT NULL, provider uuid NOT NULL, day date NOT NULL, site uuid, service text, minutes int NOT NULL, CHECK (num_nonnulls(site, service) = 1));
      CREATE UNIQUE INDEX supply_part_of ON supply_part (supply, site, service) NULLS NOT DISTINCT;
      CREATE INDEX supply_part_host ON supply_part (host, day);

      -- How long patients waited at 06:00 of a date; third_at null: not within the days that can be booked.
      CREATE TABLE access_wait (snapshot uuid NOT NULL, host text NOT NULL, site uuid NOT NULL, provider uuid NOT NULL, visit_type uuid NOT NULL, service text NOT NULL, patients text NOT NULL, day date NOT NULL,
        third_at timestamptz, days int, working_days int, horizon_days int NOT NULL, PRIMARY KEY (snapshot, provider, visit_type));
      CREATE INDEX access_wait_host ON access_wait (host, day);
      CREATE TABLE network_wait (snapshot uuid NOT NULL, practice text NOT NULL, service text NOT NULL, day date NOT NULL, host text, third_at timestamptz, days int, working_days int, horizon_days int NOT NULL,
        -- Whether the practice has providers for it, and its own third opening; null: not within the days that can be booked.
        own boolean NOT NULL DEFAULT false, own_days int, PRIMARY KEY (snapshot, service));
      CREATE INDEX network_wait_practice ON network_wait (practice, day);
      CREATE TABLE access_snapshot (id uuid PRIMARY KEY, practice text NOT NULL, at timestamptz NOT NULL, changed_at timestamptz NOT NULL);

      CREATE TABLE empty_search (id uuid PRIMARY KEY, practice text NOT NULL, service text NOT NULL, hour timestamptz NOT NULL, searches int NOT NULL, changed_at timestamptz NOT NULL);
      CREATE INDEX empty_search_hour ON empty_search (practice, hour);
      CREATE TABLE waiting (id uuid PRIMARY KEY, practice text NOT NULL, service text, added_at timestamptz, outcome text, ended_at timestamptz, changed_at timestamptz NOT NULL);
      CREATE INDEX waiting_added ON waiting (added_at);
      CREATE TABLE referral (id uuid PRIMARY KEY, sender text NOT NULL, receiver text, service text NOT NULL, sent_day date NOT NULL, status text NOT NULL,
        -- The furthest of sent, received, accepted, scheduled, seen, note-returned, closed that it has reached.
        reached int NOT NULL, changed_at timestamptz NOT NULL);
      CREATE INDEX referral_sent ON referral (sent_day);
      CREATE TABLE shared_day (id uuid PRIMARY KEY, agreement uuid NOT NULL, host text NOT NULL, day date NOT NULL, offered int NOT NULL DEFAULT 0, withdrawn int NOT NULL DEFAULT 0, taken_back int NOT NULL DEFAULT 0, returned int NOT NULL DEFAULT 0,
        wasted int NOT NULL DEFAULT 0, changed_at timestamptz NOT NULL);
      CREATE INDEX shared_day_host ON shared_day (host, day);
      -- The same cells by month, for looking across practices, and the months that something has changed in since; a worker takes them anew.
      CREATE TABLE month_cell (practice text NOT NULL, month date NOT NULL, measure text NOT NULL, service text, numerator float8, denominator float8, people bigint, rest bigint);
      CREATE UNIQUE INDEX month_cell_of ON month_cell (measure, month, practice, service) NULLS NOT DISTINCT;
      CREATE INDEX month_cell_practice ON month_cell (practice, month);
      CREATE TABLE month_changed (practice text NOT NULL, month date NOT NULL, at timestamptz NOT NULL DEFAULT clock_timestamp());
      INSERT INTO month_changed (practice, month) SELECT DISTINCT p, date_trunc('month', day)::date FROM visit_count CROSS JOIN LATERAL unnest(ARRAY[host, booking]) AS p;
      -- SELECT policies of a view's reader hold inside it.
      CREATE VIEW visit_fact WITH (security_invoker = true) AS
        SELECT ${[...DIMENSIONS, ...COUNTS].join(', ')}, (host = booking)::int AS own FROM visit_count UNION ALL SELECT ${[...DIMENSIONS, ...COUNTS].join(', ')}, (host = booking)::int FROM visit_delta;
      GRANT SELECT ON visit_fact TO ${app}, ${worker};
    `);
    for (const [, table] of SOURCES) await runner.query(`CREATE INDEX ${table}_changed ON ${table} (changed_at)`);
    for (const table of ['visit_delta', 'visit_count']) await protectByTenant(runner, 'capacity', table, ['host', 'booking'], 'SELECT');
    for (const table of ['supply_day', 'supply_since', 'supply_part', 'access_wait', 'shared_day']) await protectByTenant(runner, 'capacity', table, ['host'], 'SELECT');
    for (const table of ['network_wait', 'access_snapshot', 'empty_search', 'waiting', 'month_cell', 'month_changed']) await protectByTenant(runner, 'capacity', table, ['practice'], 'SELECT');
    await protectByTenant(runner, 'capacity', 'referral', ['sender', 'receiver'], 'SELECT');
    await runner.query(`
      -- Time that was called off late and that no other visit of the provider took.
      CREATE VIEW unused_late_cancel WITH (security_invoker = true) AS
        SELECT c.* FROM visit c WHERE c.status = 'cancelled' AND c.took_time AND c.late AND c.ended_by = 'patient'
          AND NOT EXISTS (SELECT FROM visit v WHERE v.provider = c.provider AND v.start_at < c.end_at AND v.end_at > c.start_at AND v.start_at > c.start_at - interval '1 day' AND v.took_time AND v.status IN ('booked', 'arrived', 'checked-in', 'fulfilled', 'noshow'));
      GRANT SELECT ON unused_late_cancel TO ${app}, ${worker};

      -- Every measure as cells of days: what is counted, of what, and how many people stand behind the one and the rest (null: nobody can be recognised by it).
      -- "practice": whose number it is; grain: supply is the total of a date, its part of a site or its part of a service, and one question takes one of these.
      CREATE VIEW measure_cell WITH (security_invoker = true) AS
        SELECT 'activity' AS measure, host AS practice, site, provider, service, visit_type, day, fulfilled::float8 AS numerator, NULL::float8 AS denominator, own * fulfilled AS people, NULL::int AS rest, NULL::text AS grain FROM visit_fact WHERE fulfilled <> 0
        UNION ALL SELECT 'no-show', host, site, provider, service, visit_type, day, no_show, no_show + fulfilled, own * no_show, own * fulfilled, NULL FROM visit_fact WHERE no_show <> 0 OR fulfilled <> 0
        UNION ALL SELECT 'late-cancel', host, site, provider, service, visit_type, day, late_cancelled, late_cancelled + no_show + fulfilled, own * late_cancelled, own * (no_show + fulfilled), NULL FROM visit_fact WHERE late_cancelled <> 0 OR no_show <> 0 OR fulfilled <> 0
        UNION ALL SELECT 'bumped', host, site, provider, service, visit_type, day, bumped, under_way + fulfilled + no_show + cancelled, own * bumped, own * (under_way + fulfilled + no_show + cancelled - bumped), NULL FROM visit_fact WHERE under_way <> 0 OR fulfilled <> 0 OR no_show <> 0 OR cancelled <> 0
        UNION ALL SELECT 'lead-time', host, site, provider, service, visit_type, day, lead_days, requests, own * requests, NULL, NULL FROM visit_fact WHERE requests <> 0
        UNION ALL SELECT 'booked-within-week', host, site, provider, service, visit_type, day, lead_same_day + lead_week, requests, own * (lead_same_day + lead_week), own * (requests - lead_same_day - lead_week), NULL FROM visit_fact WHERE requests <> 0
        UNION ALL SELECT 'demand', booking, NULL, NULL, service, NULL, day, requests, NULL, requests, NULL, NULL FROM visit_fact WHERE requests <> 0
        UNION ALL SELECT 'demand', w.practice, NULL, NULL, w.service, NULL, (w.added_at AT TIME ZONE coalesce(p.zone, 'UTC'))::date, 1, NULL, 1, NULL, NULL FROM waiting w LEFT JOIN practice p ON p.id = w.practice WHERE w.added_at IS NOT NULL AND w.outcome IS DISTINCT FROM 'booked'
        UNION ALL SELECT 'demand', e.practice, NULL, NULL, e.service, NULL, (e.hour AT TIME ZONE coalesce(p.zone, 'UTC'))::date, e.searches, NULL, e.searches, NULL, NULL FROM empty_search e LEFT JOIN practice p ON p.id = e.practice
        UNION ALL SELECT 'empty-searches', e.practice, NULL, NULL, e.service, NULL, (e.hour AT TIME ZONE coalesce(p.zone, 'UTC'))::date, e.searches, NULL, e.searches, NULL, NULL FROM empty_search e LEFT JOIN practice p ON p.id = e.practice
        UNION ALL SELECT 'supply', host, NULL, provider, NULL, NULL, day, minutes, NULL, NULL, NULL, 'total' FROM supply_day
        UNION ALL SELECT 'supply', host, site, provider, service, NULL, day, minutes, NULL, NULL, NULL, CASE WHEN site IS NULL THEN 'service' ELSE 'site' END FROM supply_part
        UNION ALL SELECT 'fill', v.host, site, provider, service, visit_type, day, minutes_under_way + minutes_fulfilled + minutes_no_show, 0, own * (under_way + fulfilled + no_show), NULL, NULL FROM visit_fact v JOIN supply_since s ON s.host = v.host AND v.day >= s.since
          WHERE under_way <> 0 OR fulfilled <> 0 OR no_show <> 0
        UNION ALL SELECT 'schedule-utilisation', v.host, site, provider, service, visit_type, day, minutes_under_way + minutes_fulfilled + minutes_no_show, 0, 0, NULL, NULL FROM visit_fact v JOIN supply_since s ON s.host = v.host AND v.day >= s.since
          WHERE under_way <> 0 OR fulfilled <> 0 OR no_show <> 0
        UNION ALL SELECT 'schedule-utilisation', c.host, c.site, c.provider, c.service, c.visit_type, c.day, extract(epoch FROM c.end_at - c.start_at) / 60, 0, 0, NULL, NULL FROM unused_late_cancel c JOIN supply_since s ON s.host = c.host AND c.day >= s.since
        UNION ALL SELECT 'booked-ahead', host, site, provider, service, visit_type, day, under_way, NULL, under_way, NULL, NULL FROM visit_fact WHERE under_way <> 0
        UNION ALL SELECT 'waiting', w.practice, NULL, NULL, w.service, NULL, (w.added_at AT TIME ZONE coalesce(p.zone, 'UTC'))::date, 1, NULL, 1, NULL, NULL FROM waiting w LEFT JOIN practice p ON p.id = w.practice WHERE w.added_at IS NOT NULL AND w.ended_at IS NULL
        UNION ALL SELECT 'provider-utilisation', v.host, site, provider, service, visit_type, day, minutes_fulfilled, 0, fulfilled, NULL, NULL FROM visit_fact v JOIN supply_since s ON s.host = v.host AND v.day >= s.since WHERE fulfilled <> 0
        UNION ALL SELECT 'future-open', v.host, site, provider, service, visit_type, day, -(minutes_under_way + minutes_fulfilled + minutes_no_show), 0, under_way, NULL, NULL FROM visit_fact v JOIN supply_since s ON s.host = v.host AND v.day >= s.since
          WHERE under_way <> 0 OR fulfilled <> 0 OR no_show <> 0
        UNION ALL SELECT m.measure, s.host, s.site, s.provider, s.service, NULL, s.day, CASE m.measure WHEN 'future-open' THEN s.minutes ELSE 0 END, s.minutes, 0, NULL, s.grain
          FROM (VALUES ('fill'), ('schedule-utilisation'), ('provider-utilisation'), ('future-open')) AS m(measure)
          CROSS JOIN (SELECT host, NULL::uuid AS site, provider, NULL::text AS service, day, minutes, 'total' AS grain FROM supply_day UNION ALL SELECT host, site, provider, service, day, minutes, CASE WHEN site IS NULL THEN 'service' ELSE 'site' END FROM supply_part) s
        UNION ALL SELECT 'scaling', v.host, NULL, provider, NULL, NULL, day, fulfilled, 0, fulfilled, NULL, NULL FROM visit_fact v JOIN supply_since s ON s.host = v.host AND v.day >= s.since WHERE fulfilled <> 0
        UNION ALL SELECT 'scaling', host, NULL, provider, NULL, NULL, day, 0, minutes / 60.0, 0, NULL, NULL FROM supply_day
        UNION ALL SELECT 'third-next-available', host, site, provider, service, visit_type, day, coalesce(days, horizon_days), 1, NULL, NULL, NULL FROM access_wait
        UNION ALL SELECT 'third-next-available-working-days', host, site, provider, service, visit_type, day, working_days, 1, NULL, NULL, NULL FROM access_wait WHERE working_days IS NOT NULL
        UNION ALL SELECT 'new-patient-wait', host, site, provider, service, visit_type, day, coalesce(days, horizon_days), 1, NULL, NULL, NULL FROM access_wait WHERE patients IN ('new', 'all')
        UNION ALL SELECT 'third-next-available-with-partners', practice, NULL, NULL, service, NULL, day, coalesce(days, horizon_days), 1, NULL, NULL, NULL FROM network_wait
        UNION ALL SELECT 'sooner-with-partners', practice, NULL, NULL, service, NULL, day, coalesce(own_days, horizon_days) - coalesce(days, horizon_days), 1, NULL, NULL, NULL FROM network_wait WHERE own
        UNION ALL SELECT 'beyond-horizon', host, site, provider, service, visit_type, day, (third_at IS NULL)::int, 1, NULL, NULL, NULL FROM access_wait
        UNION ALL SELECT 'rebooked', v.host, v.site, v.provider, v.service, v.visit_type, v.day, back::int, 1, (v.host = v.booking)::int * back::int, (v.host = v.booking)::int * (1 - back::int), NULL
          FROM (SELECT c.*, EXISTS (SELECT FROM visit n WHERE n.host = c.host AND n.patient = c.patient AND n.service = c.service AND n.id <> c.id AND n.booked_at >= c.cancelled_at AND n.booked_at <= c.cancelled_at + interval '30 days' AND n.status <> 'entered-in-error') AS back
                FROM visit c WHERE c.status = 'cancelled' AND c.took_time AND c.cancelled_at IS NOT NULL AND c.patient IS NOT NULL) v
        UNION ALL SELECT 'referrals-seen', sender, NULL, NULL, service, NULL, sent_day, (reached >= 5)::int, 1, (reached >= 5)::int, (reached < 5)::int, NULL FROM referral
        UNION ALL SELECT 'referrals-answered', sender, NULL, NULL, service, NULL, sent_day, (reached >= 6)::int, 1, (reached >= 6)::int, (reached < 6)::int, NULL FROM referral
        UNION ALL SELECT 'referrals-scheduled', sender, NULL, NULL, service, NULL, sent_day, (reached >= 4)::int, 1, (reached >= 4)::int, (reached < 4)::int, NULL FROM referral
        UNION ALL SELECT 'shared-offered', host, NULL, NULL, NULL, NULL, day, offered, NULL, NULL, NULL, NULL FROM shared_day
        UNION ALL SELECT 'shared-returned', host, NULL, NULL, NULL, NULL, day, returned + taken_back + withdrawn, offered, NULL, NULL, NULL FROM shared_day
        UNION ALL SELECT 'shared-used', host, NULL, NULL, NULL, NULL, day, 0, offered, 0, NULL, NULL FROM shared_day
        UNION ALL SELECT 'shared-used', host, NULL, NULL, NULL, NULL, day, minutes_under_way + minutes_fulfilled + minutes_no_show, 0, under_way + fulfilled + no_show, NULL, NULL FROM visit_fact WHERE host <> booking AND (under_way <> 0 OR fulfilled <> 0 OR no_show <> 0);
      GRANT SELECT ON measure_cell TO ${app}, ${worker};

      -- What stands behind the cells: one line for each thing that is counted ("numerator") or that it is counted of ("denominator").
      CREATE VIEW measure_row WITH (security_invoker = true) AS
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
        UNION ALL SELECT m.measure, n.part, 'access/' || w.snapshot || '/' || w.service, w.practice, NULL, NULL, w.service, NULL, w.day FROM (VALUES ('third-next-available-with-partners'), ('sooner-with-partners')) AS m(measure) CROSS JOIN (VALUES ('numerator'), ('denominator')) AS n(part) CROSS JOIN network_wait w
          WHERE m.measure <> 'sooner-with-partners' OR w.own
        UNION ALL SELECT 'rebooked', n.part, 'appointment/' || c.id, c.host, c.site, c.provider, c.service, c.visit_type, c.day FROM (VALUES ('numerator'), ('denominator')) AS n(part) CROSS JOIN visit c
          WHERE c.status = 'cancelled' AND c.took_time AND c.cancelled_at IS NOT NULL AND c.patient IS NOT NULL AND (n.part = 'denominator' OR EXISTS (SELECT FROM visit v WHERE v.host = c.host AND v.patient = c.patient AND v.service = c.service
            AND v.id <> c.id AND v.booked_at >= c.cancelled_at AND v.booked_at <= c.cancelled_at + interval '30 days' AND v.status <> 'entered-in-error'))
        UNION ALL SELECT m.measure, n.part, 'referral/' || r.id, r.sender, NULL, NULL, r.service, NULL, r.sent_day FROM (VALUES ('referrals-scheduled', 4), ('referrals-seen', 5), ('referrals-answered', 6)) AS m(measure, least)
          CROSS JOIN (VALUES ('numerator'), ('denominator')) AS n(part) CROSS JOIN referral r WHERE n.part = 'denominator' OR r.reached >= m.least
        UNION ALL SELECT m.measure, m.part, 'shared-time/' || d.id, d.host, NULL, NULL, NULL, NULL, d.day FROM (VALUES ('shared-offered', 'numerator'), ('shared-used', 'denominator'), ('shared-returned', 'numerator'), ('shared-returned', 'denominator')) AS m(measure, part) CROSS JOIN shared_day d
        UNION ALL SELECT 'shared-used', 'numerator', 'appointment/' || v.id, v.host, v.site, v.provider, v.service, v.visit_type, v.day FROM visit v WHERE v.took_time AND v.host <> v.booking AND v.status IN ('booked', 'arrived', 'checked-in', 'fulfilled', 'noshow');
      GRANT SELECT ON measure_row TO ${app};

      CREATE FUNCTION mark_months() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $fn$ BEGIN
        EXECUTE format('INSERT INTO month_changed (practice, month) SELECT DISTINCT %I, date_trunc(''month'', %s)::date FROM changed WHERE %I IS NOT NULL', TG_ARGV[0], TG_ARGV[1], TG_ARGV[0]);
        RETURN NULL; END $fn$;
${MARKED.map(([table, practice, day]) => ['INSERT', 'UPDATE'].map((operation) => `CREATE TRIGGER ${table}_${operation.toLowerCase()}_marks AFTER ${operation} ON ${table} REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION mark_months('${practice}', '${day.replaceAll("'", "''")}');`).join('\n')).join('\n')}
      -- A booking changes whether an earlier visit was booked again: in the month of that visit.
      CREATE FUNCTION mark_months_of_visits() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $fn$ BEGIN
        IF TG_OP = 'INSERT' OR (OLD.status = 'entered-in-error') <> (NEW.status = 'entered-in-error') OR (OLD.patient, OLD.service, OLD.booked_at) IS DISTINCT FROM (NEW.patient, NEW.service, NEW.booked_at) THEN
          INSERT INTO month_changed (practice, month) SELECT DISTINCT c.host, date_trunc('month', c.day)::date FROM visit c WHERE c.host = NEW.host AND c.patient = NEW.patient AND c.status = 'cancelled' AND c.id <> NEW.id AND c.service = NEW.service
            AND NEW.booked_at BETWEEN c.cancelled_at AND c.cancelled_at + interval '30 days';
        END IF;
        RETURN NULL; END $fn$;
      CREATE TRIGGER visit_marks AFTER INSERT OR UPDATE ON visit FOR EACH ROW EXECUTE FUNCTION mark_months_of_visits();
      -- Hours that become known for an earlier date make shares of all that came after it.
      CREATE FUNCTION mark_months_of_hours() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $fn$ BEGIN
        INSERT INTO month_changed (practice, month) SELECT DISTINCT host, date_trunc('month', day)::date FROM visit_count WHERE host = NEW.host AND day >= NEW.since AND (TG_OP = 'INSERT' OR day < OLD.since);
        RETURN NULL; END $fn$;
      CREATE TRIGGER supply_since_marks AFTER INSERT OR UPDATE ON supply_since FOR EACH ROW EXECUTE FUNCTION mark_months_of_hours();
      -- By its time zone a practice's searches and waits have their dates: they leave one month and come into another.
      CREATE FUNCTION mark_months_of_zone() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $fn$ BEGIN
        INSERT INTO month_changed (practice, month)
          SELECT DISTINCT NEW.id, date_trunc('month', e.at AT TIME ZONE z.zone)::date
          FROM (SELECT hour AS at FROM empty_search WHERE practice = NEW.id UNION ALL SELECT added_at FROM waiting WHERE practice = NEW.id AND added_at IS NOT NULL) e
            CROSS JOIN unnest(ARRAY[NEW.zone, CASE WHEN TG_OP = 'INSERT' THEN 'UTC' ELSE OLD.zone END]) AS z(zone)
          WHERE TG_OP = 'INSERT' OR NEW.zone <> OLD.zone;
        RETURN NULL; END $fn$;
      CREATE TRIGGER practice_marks AFTER INSERT OR UPDATE OF zone ON practice FOR EACH ROW EXECUTE FUNCTION mark_months_of_zone();

      -- What the tenant may know of a measure at other practices of its partnership, and an operator of all: one grain only (practice, service, whole months that are over), so that no two questions differ by a person,
      -- and of a number with people behind it only the value, where at least ${SMALLEST_SHOWN} stand behind what is counted and behind the rest.
      CREATE FUNCTION network_measure(in_measure text, in_from date, in_to date, in_today date, in_network boolean)
        RETURNS TABLE (practice text, service text, month date, own boolean, numerator float8, denominator float8, shown boolean)
        LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $fn$
        WITH viewer AS (SELECT ${TENANT} AS practice),
        mine AS (SELECT p.partnership FROM practice p JOIN viewer v ON p.id = v.practice)
        SELECT c.practice, c.service, c.month, coalesce(c.practice = (SELECT v.practice FROM viewer v), false), c.numerator, c.denominator,
          coalesce(c.practice = (SELECT v.practice FROM viewer v), false) OR CASE WHEN c.measure IN ('shared-used', 'shared-returned')
            -- Who booked some of these visits knows them: the others alone must be enough.
            THEN (SELECT coalesce(sum(f.under_way + f.fulfilled + f.no_show), 0) FROM visit_fact f WHERE f.host = c.practice AND f.booking <> f.host AND f.booking IS DISTINCT FROM (SELECT v.practice FROM viewer v)
              AND f.day >= c.month AND f.day < c.month + interval '1 month') >= ${SMALLEST_SHOWN}
            ELSE (c.people IS NULL OR c.people >= ${SMALLEST_SHOWN}) AND (c.rest IS NULL OR c.rest >= ${SMALLEST_SHOWN}) END
        FROM month_cell c LEFT JOIN practice p ON p.id = c.practice
        WHERE c.measure = in_measure AND c.month BETWEEN date_trunc('month', in_from)::date AND in_to AND (c.practice = (SELECT v.practice FROM viewer v)
           OR (((in_network AND (SELECT v.practice FROM viewer v) IS NULL) OR p.partnership = (SELECT partnership FROM mine)) AND c.measure = ANY ('{${ACROSS.join(',')}}'::text[]) AND c.month + interval '1 month 3 days' <= in_today))
        ORDER BY c.month, c.practice, c.service
      $fn$;
      REVOKE ALL ON FUNCTION network_measure FROM PUBLIC;
      GRANT EXECUTE ON FUNCTION network_measure TO ${app};

      -- Whether a source has said anything, and when last: asked with every number, so it reads no more than the end of an index.
      CREATE OR REPLACE FUNCTION source_progress() RETURNS TABLE (topic text, records bigint, last_at timestamptz, parked bigint)
        LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $fn$
        WITH own AS (
          ${SOURCES.map(([topic, table]) => `SELECT '${topic}' AS topic, (SELECT max(changed_at) FROM ${table}) AS last_at`).join('\n          UNION ALL ')}
        )
        SELECT o.topic, (o.last_at IS NOT NULL)::int::bigint, o.last_at, (SELECT count(*) FROM parked_event p WHERE p.topic = o.topic) FROM own o
      $fn$;
    `);
  }

  async down(): Promise<void> {
    throw new Error('there is no way back: what was read stands in Kafka; an older build reads it anew into a database of its own');
  }
}
