import { Injectable } from '@nestjs/common';
import { type LocalDate, type PracticeId, type ServiceCode, formatInstant } from '@slotmesh/kernel';
import type { Tx } from '@slotmesh/persistence';
import { z } from 'zod';
import { type CatalogueMeasure, type Dimension, type MeasureId, dimension, valueOf } from '../domain/catalogue';

export type Grain = 'day' | 'week' | 'month' | 'total';
export interface CellQuery {
  readonly from: LocalDate;
  readonly to: LocalDate;
  readonly by: Grain;
  readonly group: readonly Dimension[];
  readonly service?: ServiceCode;
  readonly provider?: string;
  readonly site?: string;
  readonly visitType?: string;
}
export type RowPart = 'numerator' | 'denominator';

const COLUMN: Readonly<Record<Dimension, string>> = { site: 'site', provider: 'provider', service: 'service', visitType: 'visit_type' };
/** First day of the period of a day. Weeks begin on Monday (ISO 8601), as the first of January of the year 1 was one. Whole numbers, because this is worked out for each row. */
const FIRST_DAY: Readonly<Record<Grain, string>> = { day: 'day', week: `day - (day - DATE '0001-01-01') % 7`, month: `day - (extract(day FROM day)::int - 1)`, total: '$2::date' };
/** What a period is called, once for each; a total by its first day. */
const nameOf = (by: Grain): string => (by === 'month' ? `to_char(first_day, 'YYYY-MM')` : 'first_day::text');

const number = z.coerce.number();
const own = z.object({ practice: z.string(), period: z.string(), site: z.string().nullish(), provider: z.string().nullish(), service: z.string().nullish(), visit_type: z.string().nullish(), numerator: number, denominator: number.nullable() });
const network = z.object({ practice: z.string(), partnership: z.string().nullable(), service: z.string().nullable(), month: z.string(), own: z.boolean(), numerator: number, denominator: number.nullable(), shown: z.boolean() });

/** Thirteen weeks: every weekday as often, and one turn of most rosters. */
const BASELINE_DAYS = 91;
const baseline = z.object({ from: z.string(), to: z.string(), numerator: number, denominator: number.nullable() });
export interface Baseline extends z.output<typeof baseline> {
  readonly value: number;
}

export interface Cell {
  readonly practice: string;
  readonly period: string;
  readonly site?: string;
  readonly provider?: string;
  readonly service?: string;
  readonly visitType?: string;
  readonly numerator: number;
  readonly denominator: number | null;
  readonly value: number | null;
  readonly opens: boolean;
}

/** Reads the views that every measure of the catalogue is a part of. */
@Injectable()
export class CatalogueRepository {
  /** The practice's own cells in order of time; at most one more than `most`. */
  async own(tx: Tx, measure: CatalogueMeasure, practice: PracticeId, query: CellQuery, most: number): Promise<Cell[]> {
    const columns = query.group.map((dimension) => COLUMN[dimension]);
    const listed = (type: string): string => columns.map((column) => `${column}${type}, `).join('');
    const values: unknown[] = [measure.definition.id, query.from, query.to, practice, grainOf(measure, query), most + 1];
    const rows = await tx.query(
      `SELECT practice, ${listed('::text')}${nameOf(query.by)} AS period, numerator, denominator FROM (
         SELECT practice, ${listed('')}${FIRST_DAY[query.by]} AS first_day, sum(numerator) AS numerator, sum(denominator) AS denominator FROM measure_cell
         WHERE measure = $1 AND day BETWEEN $2::date AND $3::date AND practice = $4 AND (grain IS NULL OR grain = $5)${wheres(query, values)}
         GROUP BY practice, ${listed('')}first_day HAVING sum(numerator) <> 0 OR sum(denominator) <> 0) cell
       ORDER BY first_day${columns.map((column) => `, ${column}::text`).join('')} LIMIT $6`, values);
    return rows.map((row) => {
      const { practice: whose, period, visit_type, numerator, denominator, ...rest } = own.parse(row);
      const dimensions = Object.fromEntries(Object.entries({ ...rest, visitType: visit_type }).filter(([, value]) => typeof value === 'string'));
      return { practice: whose, period, ...dimensions, numerator, denominator, value: valueOf(measure.kind, numerator, denominator), opens: true };
    });
  }

  /** What the measure was over the weeks before the practice began to share; null: it shares nothing, or nothing is known of those weeks. */
  async beforeSharing(tx: Tx, measure: CatalogueMeasure, practice: PracticeId): Promise<Baseline | null> {
    const [row] = await tx.query(
      `WITH begun AS (SELECT (min(effective_from) AT TIME ZONE 'UTC')::date AS day FROM agreement WHERE $2 = ANY (practices) AND status IN ('in-force', 'superseded', 'terminated') AND effective_from <= $4 AND (effective_to IS NULL OR effective_to > effective_from))
       SELECT (b.day - $3::int)::text AS from, (b.day - 1)::text AS to, sum(m.numerator) AS numerator, sum(m.denominator) AS denominator
       FROM begun b JOIN supply_since s ON s.host = $2 AND s.since <= b.day - $3::int JOIN measure_cell m ON m.measure = $1 AND m.practice = $2 AND m.day >= b.day - $3::int AND m.day < b.day GROUP BY b.day`, [measure.definition.id, practice, BASELINE_DAYS, formatInstant(tx.now)]);
    if (row === undefined) return null;
    const { from, to, numerator, denominator } = baseline.parse(row);
    const value = valueOf(measure.kind, numerator, denominator);
    return value === null ? null : { from, to, numerator, denominator, value };
  }

  /** By practice, service and month: own numbers, and of others what may be shown. `all`: for an operator, who belongs to no practice; of which partnership each is, stands beside it then. */
  async network(tx: Tx, measure: CatalogueMeasure, months: { readonly from: string; readonly to: string }, all: boolean) {
    const rows = await tx.query(`SELECT m.practice, p.partnership::text, m.service, to_char(m.month, 'YYYY-MM') AS month, m.own, m.numerator, m.denominator, m.shown FROM network_measure($1, $2::date, $3::date, $4::timestamptz::date, $5) m LEFT JOIN practice p ON p.id = m.practice`,
      [measure.definition.id, `${months.from}-01`, `${months.to}-01`, formatInstant(tx.now), all]);
    return rows.map((row) => {
      const { practice, partnership, service, month, own: opens, numerator, denominator, shown } = network.parse(row);
      const value = valueOf(measure.kind, numerator, denominator);
      const ofOthers = { numerator: null, denominator: null, value: shown && value !== null ? rounded(measure, value) : null };
      return { practice, ...(all ? { partnership } : {}), ...(service === null ? {} : { service }), month, ...(opens ? { numerator, denominator, value } : ofOthers), hidden: !shown, opens };
    });
  }

  /** What stands behind a cell, by kind and id. */
  async rows(tx: Tx, id: MeasureId, practice: PracticeId, part: RowPart, query: Omit<CellQuery, 'by' | 'group'>, after: string | null, limit: number): Promise<string[]> {
    const values: unknown[] = [id, query.from, query.to, practice, part, after, limit];
    const rows = await tx.query<{ id: string }>(
      `SELECT DISTINCT id FROM measure_row WHERE measure = $1 AND day BETWEEN $2::date AND $3::date AND practice = $4 AND part = $5 AND ($6::text IS NULL OR id > $6)${wheres(query, values)} ORDER BY id LIMIT $7`, values);
    return rows.map((row) => row.id);
  }
}

/** Scheduled time by service, by site or in all: a question takes one of these. */
function grainOf({ ofSupply }: CatalogueMeasure, { group, service, site }: CellQuery): string | null {
  if (!ofSupply) return null;
  if (service !== undefined || group.includes('service')) return 'service';
  return site !== undefined || group.includes('site') ? 'site' : 'total';
}

function wheres(query: Omit<CellQuery, 'by' | 'group'>, values: unknown[]): string {
  return dimension.options.map((one) => (query[one] === undefined ? '' : ` AND ${COLUMN[one]}::text = $${values.push(query[one])}`)).join('');
}

/** So that no count of people follows from it: shares to a hundredth, counts of visits to ten. Hours and waits are what they are. */
const rounded = ({ kind, rows }: CatalogueMeasure, value: number): number => {
  if (kind === 'share') return Math.round(value * 100) / 100;
  return kind === 'sum' && rows === 'visit' ? Math.round(value / 10) * 10 : Math.round(value * 10) / 10;
};
