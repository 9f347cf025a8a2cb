import { TENANT, protectByTenant, runtimeRoles } from '@slotmesh/persistence';
import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Counts below this are hidden from practices that took no part (P18). */
const SMALLEST_SHOWN = 11;

export class CountMessages1795850100000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    const { app } = runtimeRoles('capacity');
    await runner.query(`
      -- Who is written to is not kept here: no number needs it.
      CREATE TABLE message_request (id uuid PRIMARY KEY, host text NOT NULL, class text NOT NULL, template text NOT NULL, due_at timestamptz NOT NULL,
        -- First day of the month in UTC when it was due: the measure's clock.
        month date NOT NULL, changed_at timestamptz NOT NULL);
      CREATE INDEX message_request_month ON message_request (month, host);
      -- What became of a message for one subject, the last word; left_at: when it first left.
      CREATE TABLE message_outcome (request uuid NOT NULL, subject uuid NOT NULL, host text NOT NULL, message uuid NOT NULL, kind text NOT NULL, revision int NOT NULL, channel text, outcome text NOT NULL, reason text,
        left_at timestamptz, changed_at timestamptz NOT NULL, PRIMARY KEY (request, subject));
      CREATE INDEX message_outcome_subject ON message_outcome (subject);
      CREATE INDEX message_outcome_message ON message_outcome (message);
      CREATE TABLE message_cost (attempt uuid PRIMARY KEY, message uuid NOT NULL, host text NOT NULL, micros bigint NOT NULL, currency text NOT NULL, changed_at timestamptz NOT NULL);
      CREATE INDEX message_cost_message ON message_cost (message);
      -- The last confirmation, and the revision that it was of. Visits that were read before this have none until they are read again.
      ALTER TABLE visit ADD COLUMN confirmed_at timestamptz, ADD COLUMN confirmed_revision int;
    `);
    for (const table of ['message_request', 'message_outcome', 'message_cost']) await protectByTenant(runner, 'capacity', table, ['host'], 'SELECT');
    await runner.query(`
      -- One row for a message. Of several visits in one message the best outcome is the message's: what left for one of them has left.
      CREATE VIEW message_fact WITH (security_invoker = true) AS
        SELECT r.id, r.host, r.month, r.template, coalesce(o.channel, 'none') AS channel, coalesce(o.outcome, 'waiting') AS outcome, o.reason,
          (extract(epoch FROM o.left_at - r.due_at) / 60)::double precision AS minutes_late, c.micros, c.currencies
        FROM message_request r
        LEFT JOIN LATERAL (
          SELECT s.channel, s.outcome, s.reason, s.message, min(s.left_at) OVER () AS left_at FROM message_outcome s WHERE s.request = r.id
          ORDER BY array_position(ARRAY['delivered', 'sent', 'undelivered', 'unknown', 'call-list', 'skipped'], s.outcome), s.subject LIMIT 1) o ON true
        LEFT JOIN LATERAL (SELECT sum(k.micros)::bigint AS micros, array_agg(DISTINCT k.currency) AS currencies FROM message_cost k
          -- A joined message serves several requests and was paid once: the first of them has its cost.
          WHERE k.message = o.message AND r.id = (SELECT min(j.request::text)::uuid FROM message_outcome j WHERE j.message = o.message)) c ON true;
      -- One row for a visit about which messages of a cell have left.
      CREATE VIEW message_visit WITH (security_invoker = true) AS
        SELECT f.host, f.month, f.template, f.channel, v.id, v.status = 'fulfilled' AS kept,
          coalesce(bool_or(o.revision = v.revision AND v.confirmed_revision = v.revision AND v.confirmed_at >= o.left_at), false) AS confirmed
        FROM message_fact f JOIN message_outcome o ON o.request = f.id AND o.kind = 'appointment' AND o.left_at IS NOT NULL JOIN visit v ON v.id = o.subject
        GROUP BY f.host, f.month, f.template, f.channel, v.id, v.status;
      GRANT SELECT ON message_fact, message_visit TO ${app};

      -- Like backfill_cells: counts of others leave the database here alone, of months that are over (three days later, when the last of their messages has been reported on). Others see how many messages there were,
      -- how many were delivered and how late, never a number under ${SMALLEST_SHOWN} or from which one follows; what became of visits, reasons and costs are the host's own.
      CREATE FUNCTION message_cells(in_from date, in_to date, in_now timestamptz, in_network boolean)
        RETURNS TABLE (host text, month date, channel text, template text, own boolean, asked int, waiting int, sent int, delivered int, undelivered int, skipped int, call_list int, unknown int, skipped_by_reason jsonb,
          visits int, confirmed int, kept int, cost_micros bigint, currency text, minutes_late_p50 int, minutes_late_p95 int)
        LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $fn$
        WITH viewer AS (SELECT ${TENANT} AS practice),
        mine AS (SELECT p.partnership FROM practice p JOIN viewer v ON p.id = v.practice),
        fact AS MATERIALIZED (SELECT * FROM message_fact f WHERE f.month BETWEEN in_from AND in_to),
        cell AS (
          SELECT f.host, f.month, f.channel, f.template, count(*)::int AS asked,
            (count(*) FILTER (WHERE outcome = 'waiting'))::int AS waiting, (count(*) FILTER (WHERE outcome = 'sent'))::int AS sent, (count(*) FILTER (WHERE outcome = 'delivered'))::int AS delivered,
            (count(*) FILTER (WHERE outcome = 'undelivered'))::int AS undelivered, (count(*) FILTER (WHERE outcome = 'skipped'))::int AS skipped, (count(*) FILTER (WHERE outcome = 'call-list'))::int AS call_list,
            (count(*) FILTER (WHERE outcome = 'unknown'))::int AS unknown, sum(micros)::bigint AS cost_micros, max(currencies[1]) AS currency, min(currencies[1]) = max(currencies[cardinality(currencies)]) AS one_currency,
            round(percentile_cont(0.5) WITHIN GROUP (ORDER BY minutes_late))::int AS minutes_late_p50, round(percentile_cont(0.95) WITHIN GROUP (ORDER BY minutes_late))::int AS minutes_late_p95
          FROM fact f GROUP BY f.host, f.month, f.channel, f.template
        ),
        skips AS (SELECT s.host, s.month, s.channel, s.template, jsonb_object_agg(s.reason, s.messages) AS reasons
          FROM (SELECT f.host, f.month, f.channel, f.template, coalesce(f.reason, 'none') AS reason, count(*)::int AS messages FROM fact f WHERE f.outcome = 'skipped' GROUP BY 1, 2, 3, 4, 5) s GROUP BY 1, 2, 3, 4),
        visited AS (SELECT v.host, v.month, v.channel, v.template, count(*)::int AS visits, (count(*) FILTER (WHERE v.confirmed))::int AS confirmed, (count(*) FILTER (WHERE v.kept))::int AS kept
          FROM message_visit v WHERE v.month BETWEEN in_from AND in_to GROUP BY 1, 2, 3, 4),
        seen AS (
          SELECT c.*, coalesce((SELECT practice FROM viewer) = c.host, false) AS own
          -- Why left: a practice whose reference data has not come yet still sees its own numbers.
          FROM cell c LEFT JOIN practice h ON h.id = c.host
          WHERE (SELECT practice FROM viewer) = c.host
             OR (((in_network AND (SELECT practice FROM viewer) IS NULL) OR h.partnership = (SELECT partnership FROM mine))
                 AND (c.month + interval '1 month') AT TIME ZONE 'UTC' <= in_now - interval '3 days')
        ),
        judged AS (SELECT s.*, s.own OR s.asked >= ${SMALLEST_SHOWN} AS total_shown, s.own OR least(s.delivered, s.asked - s.delivered) >= ${SMALLEST_SHOWN} AS delivered_shown FROM seen s)
        SELECT j.host, j.month, j.channel, j.template, j.own, CASE WHEN total_shown THEN j.asked END, CASE WHEN own THEN j.waiting END, CASE WHEN own THEN j.sent END, CASE WHEN delivered_shown THEN j.delivered END,
          CASE WHEN own THEN j.undelivered END, CASE WHEN own THEN j.skipped END, CASE WHEN own THEN j.call_list END, CASE WHEN own THEN j.unknown END, CASE WHEN own THEN coalesce(k.reasons, '{}') END,
          CASE WHEN own THEN coalesce(v.visits, 0) END, CASE WHEN own THEN coalesce(v.confirmed, 0) END, CASE WHEN own THEN coalesce(v.kept, 0) END,
          CASE WHEN own AND one_currency THEN j.cost_micros END, CASE WHEN own AND one_currency THEN j.currency END,
          CASE WHEN delivered_shown THEN j.minutes_late_p50 END, CASE WHEN delivered_shown THEN j.minutes_late_p95 END
        FROM judged j LEFT JOIN skips k USING (host, month, channel, template) LEFT JOIN visited v USING (host, month, channel, template)
        ORDER BY j.month, j.host, j.channel, j.template
      $fn$;
      REVOKE ALL ON FUNCTION message_cells FROM PUBLIC;
      GRANT EXECUTE ON FUNCTION message_cells TO ${app};

      CREATE OR REPLACE FUNCTION source_progress() RETURNS TABLE (topic text, records bigint, last_at timestamptz, parked bigint)
        LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $fn$
        WITH own AS (
          SELECT 'scheduling.appointment.v1' AS topic, count(*) AS records, max(changed_at) AS last_at FROM visit
          UNION ALL SELECT 'scheduling.hold.v1', count(*), max(changed_at) FROM hold
          UNION ALL SELECT 'scheduling.agreement.v1', count(*), max(changed_at) FROM agreement
          UNION ALL SELECT 'scheduling.practice.v1', count(*), max(changed_at) FROM practice
          UNION ALL SELECT 'scheduling.visit-type.v1', count(*), max(changed_at) FROM visit_type
          UNION ALL SELECT 'scheduling.offer-round.v1', count(*), max(changed_at) FROM offer_round
          UNION ALL SELECT 'reminders.message-request.v1', count(*), max(changed_at) FROM message_request
          UNION ALL SELECT 'notifications.message.v1', count(*), max(changed_at) FROM message_outcome
        )
        SELECT o.topic, o.records, o.last_at, (SELECT count(*) FROM parked_event p WHERE p.topic = o.topic) FROM own o
      $fn$;
    `);
  }

  async down(): Promise<void> {
    throw new Error('there is no way back: what was read stands in Kafka; drop the database and read it again instead');
  }
}
