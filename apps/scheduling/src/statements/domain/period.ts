import type { Brand, LocalDate } from '@slotmesh/kernel';

export const periodKinds = ['month', 'quarter'] as const;
export type PeriodKind = (typeof periodKinds)[number];
/** `2027-01` or `2027-Q1`; in this order as text, too. */
export type PeriodCode = Brand<string, 'PeriodCode'>;

/** Whole calendar months in the zone of the money terms: from `from` until `until`, which does not belong to it. */
export interface Period {
  readonly code: PeriodCode;
  readonly from: LocalDate;
  readonly until: LocalDate;
}

const MONTHS: Readonly<Record<PeriodKind, number>> = { month: 1, quarter: 3 };
export const PERIOD_CODE = /^(?:19|2[01])\d\d-(?:(?:0[1-9]|1[0-2])|Q[1-4])$/;

/** The first of a month, and for quarters of January, April, July or October. */
export const beginsPeriod = (date: LocalDate, kind: PeriodKind): boolean => date.endsWith('-01') && (Number(date.slice(5, 7)) - 1) % MONTHS[kind] === 0;

/** All periods between two dates that begin one, in order. */
export function periodsBetween(from: LocalDate, until: LocalDate, kind: PeriodKind): Period[] {
  const periods: Period[] = [];
  for (let start = from; start < until; start = plusMonths(start, MONTHS[kind])) periods.push({ code: codeOf(start, kind), from: start, until: plusMonths(start, MONTHS[kind]) });
  return periods;
}

/** Of the first of a month. */
export function plusMonths(first: LocalDate, months: number): LocalDate {
  const month = Number(first.slice(0, 4)) * 12 + Number(first.slice(5, 7)) - 1 + months;
  return `${String(Math.floor(month / 12)).padStart(4, '0')}-${String((month % 12) + 1).padStart(2, '0')}-01` as LocalDate;
}

const codeOf = (start: LocalDate, kind: PeriodKind): PeriodCode => (kind === 'month' ? start.slice(0, 7) : `${start.slice(0, 4)}-Q${Math.ceil(Number(start.slice(5, 7)) / 3)}`) as PeriodCode;
