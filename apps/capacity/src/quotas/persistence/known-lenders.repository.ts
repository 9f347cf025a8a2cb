import { Injectable } from '@nestjs/common';
import { localDate, practiceId, serviceCode } from '@slotmesh/contracts';
import { type LocalDate, type PartnershipId, type PracticeId, formatInstant } from '@slotmesh/kernel';
import type { Tx } from '@slotmesh/persistence';
import { z } from 'zod';
import { WEEKS } from '../../what-if/domain/known-practices';
import type { KnownLender } from '../domain/known-quotas';

const number = z.coerce.number();
const lender = z.object({ id: practiceId, weeks: number, days: number, stated_to: localDate.nullable() });
const counted = z.object({ practice: practiceId, service: serviceCode, requests: number, searches: number, visits: number, called_off: number, minutes: number, visit_minutes: number.nullable() });
const ahead = z.object({ practice: practiceId, week: number, service: serviceCode.nullable(), minutes: number, days: number });
const SPAN = `span AS (SELECT date_trunc('week', $2::timestamptz AT TIME ZONE 'UTC')::date - $3::int AS first, date_trunc('week', $2::timestamptz AT TIME ZONE 'UTC')::date - 1 AS last)`;

@Injectable()
export class KnownLendersRepository {
  /** Practices of a practice's partnership, or of one; with it alone where it is in none. */
  async members(tx: Tx, of: { readonly practice: PracticeId } | { readonly partnership: PartnershipId }): Promise<PracticeId[]> {
    const rows = 'practice' in of
      ? await tx.query('SELECT id FROM practice WHERE id = $1 OR partnership = (SELECT partnership FROM practice WHERE id = $1) ORDER BY id', [of.practice])
      : await tx.query('SELECT id FROM practice WHERE partnership = $1 ORDER BY id', [of.partnership]);
    return z.array(z.object({ id: practiceId })).parse(rows).map(({ id }) => id);
  }

  /** What was counted of each over the last whole weeks, and the time that it states for weeks to come. Needs the worker role: partners' rows are read, and only sums leave. */
  async of(tx: Tx, practices: readonly PracticeId[], firstWeek: LocalDate, weeks: number): Promise<KnownLender[]> {
    const past = [[...practices], formatInstant(tx.now), WEEKS * 7];
    const lenders = z.array(lender).parse(await tx.query(
      `WITH ${SPAN} SELECT m.id, count(DISTINCT date_trunc('week', s.day)) FILTER (WHERE s.day BETWEEN p.first AND p.last AND s.minutes > 0) AS weeks, count(DISTINCT s.day) FILTER (WHERE s.day BETWEEN p.first AND p.last AND s.minutes > 0) AS days, max(s.day)::text AS stated_to
       FROM unnest($1::text[]) AS m(id) CROSS JOIN span p LEFT JOIN supply_day s ON s.host = m.id AND s.day >= p.first GROUP BY m.id ORDER BY m.id`, past));
    const services = z.array(counted).parse(await tx.query(
      `WITH ${SPAN}, asked AS (
         SELECT c.practice, c.service, sum(c.numerator) FILTER (WHERE c.measure = 'demand') AS demand, coalesce(sum(c.numerator) FILTER (WHERE c.measure = 'empty-searches'), 0) AS searches
         FROM span p JOIN measure_cell c ON c.measure IN ('demand', 'empty-searches') AND c.practice = ANY ($1) AND c.day BETWEEN p.first AND p.last AND c.service IS NOT NULL GROUP BY 1, 2),
       held AS (
         SELECT f.host AS practice, f.service, sum(f.under_way + f.fulfilled + f.no_show + f.cancelled) AS visits, sum(f.cancelled - f.bumped) AS called_off, sum(f.minutes_under_way + f.minutes_fulfilled + f.minutes_no_show) AS minutes
         FROM span p JOIN visit_fact f ON f.host = ANY ($1) AND f.day BETWEEN p.first AND p.last GROUP BY 1, 2),
       long AS (
         SELECT v.host AS practice, v.service, percentile_cont(0.5) WITHIN GROUP (ORDER BY extract(epoch FROM v.end_at - v.start_at) / 60) AS visit_minutes
         FROM span p JOIN visit v ON v.host = ANY ($1) AND v.day BETWEEN p.first AND p.last AND v.took_time AND v.status <> 'entered-in-error' GROUP BY 1, 2)
       SELECT practice, service, coalesce(a.demand, 0) - coalesce(a.searches, 0) AS requests, coalesce(a.searches, 0) AS searches, coalesce(h.visits, 0) AS visits, coalesce(h.called_off, 0) AS called_off, coalesce(h.minutes, 0) AS minutes, l.visit_minutes
       FROM asked a FULL JOIN held h USING (practice, service) FULL JOIN long l USING (practice, service) ORDER BY practice, service`, past));
    const coming = z.array(ahead).parse(await tx.query(
      `SELECT host AS practice, (day - $2::date) / 7 AS week, NULL AS service, sum(minutes) AS minutes, count(DISTINCT day) FILTER (WHERE minutes > 0) AS days FROM supply_day WHERE host = ANY ($1) AND day >= $2::date AND day < $2::date + 7 * $3::int GROUP BY 1, 2
       UNION ALL SELECT host, (day - $2::date) / 7, service, sum(minutes), 0 FROM supply_part WHERE host = ANY ($1) AND day >= $2::date AND day < $2::date + 7 * $3::int AND service IS NOT NULL GROUP BY 1, 2, 3`, [[...practices], firstWeek, weeks]));
    const inWeek = (practice: PracticeId, service: string | null, week: number): { minutes: number; days: number } => {
      const { minutes = 0, days = 0 } = coming.find((one) => one.practice === practice && one.service === service && one.week === week) ?? {};
      return { minutes, days };
    };
    const all = Array.from({ length: weeks }, (_, week) => week);
    return lenders.map(({ id, weeks: there, days, stated_to }): KnownLender => ({
      practice: id, weeks: there, days, statedTo: stated_to, ahead: all.map((week) => inWeek(id, null, week)),
      services: services.filter(({ practice }) => practice === id).map(({ service, requests, searches, visits, called_off, minutes, visit_minutes }) => ({ service, requests, searches, visits, calledOff: called_off, minutes, visitMinutes: visit_minutes, ahead: all.map((week) => inWeek(id, service, week).minutes) })),
    }));
  }
}
