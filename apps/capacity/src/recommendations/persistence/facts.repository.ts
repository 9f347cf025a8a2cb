import { Injectable } from '@nestjs/common';
import { DAY, type LocalDate, addDays, addMonths, formatInstant, parseLocalDate, plusMs } from '@slotmesh/kernel';
import type { Tx } from '@slotmesh/persistence';
import { localDate } from '@slotmesh/contracts';
import { z } from 'zod';
import { measureCalled } from '../../measures/domain/catalogue';
import { CatalogueRepository } from '../../measures/persistence/catalogue.repository';
import type { PracticeFacts, ServiceFacts, WeekNumber } from '../domain/find-advice';

const WEEKS = 13;
/** A month is told across practices when it has been over for so long. */
const TOLD_AFTER_DAYS = 3;
const WEEKLY = ['third-next-available', 'no-show', 'empty-searches', 'demand', 'sooner-with-partners'] as const;
const number = z.coerce.number();
const length = z.object({ service: z.string().nullable(), minutes: number });
const weekly = z.object({ measure: z.enum(WEEKLY), service: z.string(), week: z.string(), numerator: number, denominator: number.nullable() });

/** Reads what advice is made from: the measures as the practice sees them. */
@Injectable()
export class FactsRepository {
  constructor(private readonly measures: CatalogueRepository) {}

  /** `today`: the practice's date; weeks are the whole ones before it. */
  async of(tx: Tx, practice: string, today: LocalDate): Promise<PracticeFacts> {
    const [{ monday }] = z.tuple([z.object({ monday: z.string() })]).parse(await tx.query(`SELECT date_trunc('week', $1::date)::date::text AS monday`, [today]));
    const rows = (await tx.query(
      `SELECT measure, service, date_trunc('week', day)::date::text AS week, sum(numerator) AS numerator, sum(denominator) AS denominator FROM measure_cell
       WHERE measure = ANY ($1) AND practice = $2 AND day >= $3::date - 7 * $4::int AND day < $3::date AND service IS NOT NULL GROUP BY 1, 2, 3 ORDER BY week`, [[...WEEKLY], practice, monday, WEEKS])).map((row) => weekly.parse(row));
    const ahead = new Map((await tx.query<{ service: string; open: string; scheduled: string }>(
      `SELECT service, sum(numerator) AS open, sum(denominator) AS scheduled FROM measure_cell WHERE measure = 'future-open' AND practice = $1 AND day BETWEEN $2::date AND $3::date AND (grain IS NULL OR grain = 'service') GROUP BY service`,
      [practice, addDays(today, 1), addDays(today, 28)])).map(({ service, open, scheduled }) => [service, { open: Number(open), scheduled: Number(scheduled) }]));
    const partners = await this.waitsOfPartners(tx);
    const lengths = new Map((await tx.query(
      // Recent visits come first; a visit type of the practice speaks where a service has none. NULL: over all services.
      `WITH recent AS (SELECT service, percentile_cont(0.5) WITHIN GROUP (ORDER BY extract(epoch FROM end_at - start_at) / 60) AS minutes FROM visit
         WHERE host = $1 AND day BETWEEN $2::date - 91 AND $2::date - 1 AND took_time AND status <> 'entered-in-error' GROUP BY GROUPING SETS ((service), ()) HAVING count(*) > 0),
       stated AS (SELECT service, percentile_cont(0.5) WITHIN GROUP (ORDER BY duration_minutes) AS minutes FROM visit_type WHERE practice = $1 GROUP BY GROUPING SETS ((service), ()) HAVING count(*) > 0)
       SELECT service, minutes FROM recent UNION ALL SELECT service, minutes FROM stated s WHERE NOT EXISTS (SELECT FROM recent r WHERE r.service IS NOT DISTINCT FROM s.service)`, [practice, today])).map((row) => length.parse(row)).map(({ service, minutes }) => [service, minutes]));
    const weeks = Array.from({ length: WEEKS }, (_, n) => addDays(localDate.parse(monday), -7 * (WEEKS - n)));
    // A week in which nothing was counted is a week all the same.
    const of = (measure: (typeof WEEKLY)[number], service: string): WeekNumber[] => weeks.map((week) => rows.find((row) => row.measure === measure && row.service === service && row.week === week) ?? { week, numerator: 0, denominator: null });
    const services = [...new Set(rows.map(({ service }) => service))].sort().map((service): ServiceFacts => ({
      service, thirdNext: of('third-next-available', service), soonerWithPartners: of('sooner-with-partners', service), noShow: of('no-show', service), emptySearches: of('empty-searches', service), demand: of('demand', service),
      ahead: ahead.get(service) ?? null, waitOfPartners: partners.get(service) ?? null, visitMinutes: lengths.get(service) ?? null,
    }));
    return { services, visitMinutes: lengths.get(null) ?? null, ...(await this.gaps(tx, practice, today)) };
  }

  /** Mean over partners of the last month that they may be told of (P18), by service: what the practice could read for itself. */
  private async waitsOfPartners(tx: Tx): Promise<ReadonlyMap<string, number>> {
    const month = addMonths(parseLocalDate(`${formatInstant(plusMs(tx.now, -TOLD_AFTER_DAYS * DAY)).slice(0, 7)}-01`), -1).slice(0, 7);
    const byService = new Map<string, number[]>();
    for (const { opens, service, value } of await this.measures.network(tx, measureCalled('third-next-available'), { from: month, to: month }, false))
      if (!opens && service !== undefined && value !== null) byService.set(service, [...(byService.get(service) ?? []), value]);
    return new Map([...byService].map(([service, values]) => [service, values.reduce((sum, value) => sum + value, 0) / values.length]));
  }

  private async gaps(tx: Tx, practice: string, today: LocalDate): Promise<Omit<PracticeFacts, 'services' | 'visitMinutes'>> {
    const referralsWithoutVisit = z.array(z.object({ service: z.string(), referrals: number })).parse(await tx.query(
      `SELECT service, count(*) AS referrals FROM referral WHERE sender = $1 AND sent_day BETWEEN $2::date - 180 AND $2::date - 14 AND reached < 4 AND status NOT IN ('declined', 'cancelled', 'closed') GROUP BY service ORDER BY service`, [practice, today]));
    const overdueRecalls = z.array(z.object({ kind: z.string(), recalls: number })).parse(await tx.query(`SELECT kind, count(*) AS recalls FROM recall WHERE practice = $1 AND state = 'open' AND due < $2::date - 14 GROUP BY kind ORDER BY kind`, [practice, today]));
    const [shared] = z.tuple([z.object({ offered: number, unused: number, days: number })]).parse(await tx.query(
      `SELECT coalesce(sum(offered), 0) AS offered, coalesce(sum(returned), 0) AS unused, count(DISTINCT day) AS days FROM shared_day WHERE host = $1 AND day BETWEEN $2::date - 28 AND $2::date - 1`, [practice, today]));
    const agreed = await tx.query(`SELECT 1 FROM agreement WHERE $1 = ANY (practices) AND status = 'in-force' LIMIT 1`, [practice]);
    return { referralsWithoutVisit, overdueRecalls, shared, sharesTime: agreed.length > 0 };
  }
}
