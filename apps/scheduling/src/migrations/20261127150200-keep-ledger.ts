import { TENANT, protectByTenant, runtimeRoles } from '@slotmesh/persistence';
import type { MigrationInterface, QueryRunner } from 'typeorm';

const { app, worker } = runtimeRoles('scheduling');
/** Counts of others below this are hidden (P18). */
const SMALLEST_SHOWN = 11;
/** Versions that are, were or will be in force. */
const AGREED = `v.status IN ('approved', 'in-force', 'superseded', 'terminated') AND (v.effective_to IS NULL OR v.effective_to > v.effective_from)`;
/** Of agreements that the tenant and the host are both parties of. */
const OF_MINE = (host: string) => `agreement_id IN (SELECT v.agreement_id FROM agreement_version v WHERE ${AGREED} AND ${TENANT} = ANY (v.practices) AND ${host} = ANY (v.practices))`;

export class KeepLedger20261127150200 implements MigrationInterface {
  readonly name = 'KeepLedger20261127150200';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      -- What stands open to partners of one date of a host, as it was last looked at; what became of it is told by events, and the ledger is made of those alone.
      CREATE TABLE shared_day (
        id uuid PRIMARY KEY, agreement_id uuid NOT NULL REFERENCES agreement, practice_id text NOT NULL REFERENCES practice, day date NOT NULL,
        standing int NOT NULL DEFAULT 0 CHECK (standing >= 0), visits jsonb NOT NULL DEFAULT '[]', ended boolean NOT NULL DEFAULT false,
        -- By what state of calendar and agreement it was last looked at, and when time alone changes it next.
        seen text, next_at timestamptz NOT NULL,
        -- What it was filled from; the same again needs no filling.
        made text, UNIQUE (agreement_id, practice_id, day)
      );
      CREATE INDEX shared_day_due ON shared_day (agreement_id, practice_id, next_at) WHERE NOT ended;
      -- When the next date comes within reach; its row is the lock of who looks at the dates of a host.
      CREATE TABLE shared_calendar (agreement_id uuid NOT NULL REFERENCES agreement, practice_id text NOT NULL REFERENCES practice, next_at timestamptz, PRIMARY KEY (agreement_id, practice_id));

      CREATE TABLE ledger_line (
        posting_id uuid NOT NULL, side smallint NOT NULL CHECK (side IN (-1, 1)), agreement_id uuid NOT NULL REFERENCES agreement, practice_id text NOT NULL REFERENCES practice,
        account text NOT NULL CHECK (account IN ('capacity', 'pool', 'booked', 'used', 'wasted', 'returned', 'withdrawn-late', 'taken-back')),
        minutes int NOT NULL CHECK (sign(minutes) = side), host_id text NOT NULL, booking_id text, day date NOT NULL, at timestamptz NOT NULL,
        cause_kind text NOT NULL CHECK (cause_kind IN ('shared-day', 'visit')), cause_id uuid NOT NULL, step int NOT NULL CHECK (step > 0), part smallint NOT NULL,
        PRIMARY KEY (posting_id, side), UNIQUE (cause_kind, cause_id, step, part, side)
      );
      CREATE INDEX ledger_line_order ON ledger_line (agreement_id, at, posting_id, side);
      CREATE INDEX ledger_line_practice ON ledger_line (practice_id, at, posting_id, side);
      CREATE INDEX ledger_line_day ON ledger_line (agreement_id, day);
      CREATE FUNCTION ledger_balances() RETURNS trigger LANGUAGE plpgsql SET search_path = public AS $fn$
      BEGIN
        IF EXISTS (SELECT 1 FROM added GROUP BY posting_id HAVING count(*) <> 2 OR sum(minutes) <> 0 OR count(DISTINCT (agreement_id, host_id, day, at)) <> 1) THEN
          RAISE EXCEPTION 'a posting is two lines of one agreement, host and date that sum to zero' USING ERRCODE = 'check_violation';
        END IF;
        RETURN NULL;
      END $fn$;
      CREATE TRIGGER ledger_line_balances AFTER INSERT ON ledger_line REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION ledger_balances();
      CREATE FUNCTION ledger_stays() RETURNS trigger LANGUAGE plpgsql SET search_path = public AS $fn$
      BEGIN
        RAISE EXCEPTION 'the ledger is append-only: put a mistake right by a further posting' USING ERRCODE = 'insufficient_privilege';
      END $fn$;
      CREATE TRIGGER ledger_line_stays BEFORE UPDATE OR DELETE ON ledger_line FOR EACH STATEMENT EXECUTE FUNCTION ledger_stays();
    `);
    await protectByTenant(runner, 'scheduling', 'shared_calendar', ['practice_id'], 'SELECT');
    await runner.query(`
      ALTER TABLE shared_day ENABLE ROW LEVEL SECURITY; ALTER TABLE shared_day FORCE ROW LEVEL SECURITY;
      CREATE POLICY shared_day_party ON shared_day FOR SELECT TO ${app} USING (practice_id = ${TENANT} OR ${OF_MINE('practice_id')});
      ALTER TABLE ledger_line ENABLE ROW LEVEL SECURITY; ALTER TABLE ledger_line FORCE ROW LEVEL SECURITY;
      -- What became of single visits is for the two practices that know them; what a host offered and withdrew is for every party.
      CREATE POLICY ledger_line_party ON ledger_line FOR SELECT TO ${app} USING (
        host_id = ${TENANT} OR booking_id = ${TENANT} OR (cause_kind = 'shared-day' AND booking_id IS NULL AND account IN ('capacity', 'withdrawn-late') AND ${OF_MINE('host_id')}));
    `);
    for (const table of ['shared_day', 'ledger_line']) {
      await runner.query(`
        CREATE POLICY ${table}_worker ON ${table} TO ${worker} USING (true) WITH CHECK (true);
        CREATE POLICY ${table}_owner ON ${table} TO CURRENT_USER USING (true) WITH CHECK (true);
        GRANT SELECT ON ${table} TO ${app};
      `);
    }
    await runner.query(`
      GRANT SELECT, INSERT, UPDATE ON shared_day TO ${worker};
      GRANT SELECT, INSERT ON ledger_line TO ${worker};
      -- The balances of all parties of an agreement, by the dates of the time and by what was known at a moment. Of others only whole months that are over, as of the first moment of this one, and nothing of under
      -- ${SMALLEST_SHOWN} visits, nor what it could be computed from: what a host got back is what was not booked there, and two ranges tell the months that lie in one of them alone. So nothing is shown of a range in which a month has some, and under ${SMALLEST_SHOWN} (P18).
      CREATE FUNCTION ledger_totals(in_agreement uuid, in_first date, in_last date, in_at timestamptz, in_network boolean)
        RETURNS TABLE (practice text, own boolean, first_day date, last_day date, offered int, withdrawn int, taken_back int, open int, returned int, booked int, used int, wasted int, as_guest int, as_host int)
        LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $fn$
        WITH agreed AS (SELECT DISTINCT unnest(v.practices) AS practice FROM agreement_version v WHERE v.agreement_id = in_agreement AND ${AGREED} AND (${TENANT} = ANY (v.practices) OR (in_network AND session_user = '${worker}'))),
        party AS (SELECT g.practice, coalesce(g.practice = ${TENANT}, false) AS own FROM agreed g),
        bounds AS (SELECT p.practice, p.own,
          CASE WHEN p.own THEN in_first ELSE (date_trunc('month', in_first::timestamp) + CASE WHEN date_trunc('month', in_first::timestamp) = in_first THEN interval '0' ELSE interval '1 month' END)::date END AS first_day,
          CASE WHEN p.own THEN in_last ELSE least(date_trunc('month', (in_last + 1)::timestamp), date_trunc('month', in_at AT TIME ZONE 'UTC'))::date - 1 END AS last_day,
          CASE WHEN p.own THEN in_at ELSE date_trunc('month', in_at, 'UTC') END AS known FROM party p),
        cells AS (SELECT b.practice,
          count(DISTINCT l.cause_id) FILTER (WHERE l.booking_id = b.practice AND l.host_id IS DISTINCT FROM ${TENANT}) AS as_guest, count(*) FILTER (WHERE l.booking_id = b.practice AND l.host_id = ${TENANT}) AS as_my_guest,
          count(DISTINCT l.cause_id) FILTER (WHERE l.host_id = b.practice AND l.booking_id IS DISTINCT FROM ${TENANT}) AS as_host, count(*) FILTER (WHERE l.host_id = b.practice AND l.booking_id = ${TENANT}) AS as_my_host
          FROM bounds b JOIN ledger_line l ON l.agreement_id = in_agreement AND l.day BETWEEN b.first_day AND b.last_day AND l.at <= b.known AND l.cause_kind = 'visit' AND (l.host_id = b.practice OR l.booking_id = b.practice)
          WHERE NOT b.own GROUP BY b.practice, date_trunc('month', l.day::timestamp)),
        -- Visits that the reader's own practice hosted or booked it knows: a range with those alone tells nothing new.
        shown AS (SELECT p.practice, p.own OR coalesce(min(c.as_guest) FILTER (WHERE c.as_guest > 0) >= ${SMALLEST_SHOWN}, sum(c.as_my_guest) > 0, false) AS guest,
          p.own OR coalesce(min(c.as_host) FILTER (WHERE c.as_host > 0) >= ${SMALLEST_SHOWN}, sum(c.as_my_host) > 0, false) AS host
          FROM party p LEFT JOIN cells c ON c.practice = p.practice GROUP BY p.practice, p.own),
        summed AS (SELECT b.practice, b.own, b.first_day, b.last_day,
          coalesce(-sum(l.minutes) FILTER (WHERE l.practice_id = b.practice AND l.account = 'capacity'), 0)::int AS offered,
          coalesce(sum(l.minutes) FILTER (WHERE l.practice_id = b.practice AND l.account = 'withdrawn-late'), 0)::int AS withdrawn,
          coalesce(sum(l.minutes) FILTER (WHERE l.practice_id = b.practice AND l.account = 'taken-back'), 0)::int AS taken_back,
          coalesce(sum(l.minutes) FILTER (WHERE l.practice_id = b.practice AND l.account = 'pool'), 0)::int AS open,
          coalesce(sum(l.minutes) FILTER (WHERE l.practice_id = b.practice AND l.account = 'returned'), 0)::int AS returned,
          coalesce(sum(l.minutes) FILTER (WHERE l.practice_id = b.practice AND l.account = 'booked'), 0)::int AS booked,
          coalesce(sum(l.minutes) FILTER (WHERE l.practice_id = b.practice AND l.account = 'used'), 0)::int AS used,
          coalesce(sum(l.minutes) FILTER (WHERE l.practice_id = b.practice AND l.account = 'wasted'), 0)::int AS wasted,
          (count(DISTINCT l.cause_id) FILTER (WHERE l.cause_kind = 'visit' AND l.booking_id = b.practice))::int AS as_guest,
          (count(DISTINCT l.cause_id) FILTER (WHERE l.cause_kind = 'visit' AND l.host_id = b.practice AND l.booking_id IS DISTINCT FROM ${TENANT}))::int AS as_host
          FROM bounds b LEFT JOIN ledger_line l ON l.agreement_id = in_agreement AND l.day BETWEEN b.first_day AND b.last_day AND l.at <= b.known AND (l.host_id = b.practice OR l.booking_id = b.practice)
          GROUP BY b.practice, b.own, b.first_day, b.last_day)
        SELECT s.practice, s.own, s.first_day, s.last_day, s.offered, s.withdrawn, s.taken_back,
          CASE WHEN w.host THEN s.open END, CASE WHEN w.host THEN s.returned END,
          CASE WHEN w.guest THEN s.booked END, CASE WHEN w.guest THEN s.used END, CASE WHEN w.guest THEN s.wasted END,
          CASE WHEN w.guest THEN s.as_guest END, CASE WHEN w.host THEN s.as_host END
        FROM summed s JOIN shown w ON w.practice = s.practice ORDER BY s.practice
      $fn$;
      REVOKE ALL ON FUNCTION ledger_totals(uuid, date, date, timestamptz, boolean) FROM PUBLIC;
      GRANT EXECUTE ON FUNCTION ledger_totals(uuid, date, date, timestamptz, boolean) TO ${app}, ${worker};
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP FUNCTION ledger_totals(uuid, date, date, timestamptz, boolean); DROP TABLE ledger_line, shared_calendar, shared_day; DROP FUNCTION ledger_balances(); DROP FUNCTION ledger_stays()');
  }
}
