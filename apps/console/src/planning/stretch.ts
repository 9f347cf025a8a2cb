import type { Period } from './planning-choice';

export type Grain = 'day' | 'week' | 'month';
/** Days that a question is about, both included, and the names of the periods in them as the API names them. */
export interface Stretch {
  readonly from: string;
  readonly to: string;
  readonly by: Grain;
  readonly names: readonly string[];
  /** The period that is not over. */
  readonly running?: string;
}

const DAY_MS = 86_400_000;
const WEEKS = 13;
const MONTHS = 12;
const DAYS = 14;
const AHEAD_DAYS = 28;

const at = (date: string): number => Date.parse(`${date}T00:00:00Z`);
const dateOf = (ms: number): string => new Date(ms).toISOString().slice(0, 10);
const plusDays = (date: string, days: number): string => dateOf(at(date) + days * DAY_MS);
const monthsAfter = (month: string, months: number): string => new Date(Date.UTC(Number(month.slice(0, 4)), Number(month.slice(5, 7)) - 1 + months, 1)).toISOString().slice(0, 7);
const listed = <T>(count: number, one: (index: number) => T): T[] => Array.from({ length: count }, (_, index) => one(index));

/** The date where the practice is. */
export const dateIn = (instant: number, zone: string): string => {
  const parts = new Intl.DateTimeFormat('en-US', { timeZone: zone, year: 'numeric', month: '2-digit', day: '2-digit' }).formatToParts(instant);
  const part = (type: string): string => parts.find((one) => one.type === type)?.value ?? '';
  return `${part('year')}-${part('month')}-${part('day')}`;
};

/** Weeks (from Monday) and months are whole ones that are over: a running one would look like a fall. The days run up to today. */
export function stretchOf(period: Period, today: string): Stretch {
  if (period === 'days') return { ...daysFrom(plusDays(today, 1 - DAYS), DAYS), running: today };
  if (period === 'months') {
    const names = listed(MONTHS, (index) => monthsAfter(today.slice(0, 7), index - MONTHS));
    return { from: `${names[0]}-01`, to: plusDays(`${today.slice(0, 7)}-01`, -1), by: 'month', names };
  }
  const monday = plusDays(today, -((new Date(at(today)).getUTCDay() + 6) % 7));
  const names = listed(WEEKS, (index) => plusDays(monday, 7 * (index - WEEKS)));
  return { from: names[0] ?? monday, to: plusDays(monday, -1), by: 'week', names };
}

/** The four weeks that begin today. */
export const stretchAhead = (today: string): Stretch => daysFrom(today, AHEAD_DAYS);

const daysFrom = (from: string, days: number): Stretch => ({ from, to: plusDays(from, days - 1), by: 'day', names: listed(days, (index) => plusDays(from, index)) });

/** The last whole months, oldest first. */
export const monthsBefore = (today: string, months: number): string[] => listed(months, (index) => monthsAfter(today.slice(0, 7), index - months));

/** The days of one period. */
export function daysOf(by: Grain, name: string): { from: string; to: string } {
  if (by === 'day') return { from: name, to: name };
  return by === 'week' ? { from: name, to: plusDays(name, 6) } : { from: `${name}-01`, to: plusDays(`${monthsAfter(name, 1)}-01`, -1) };
}

const long = new Intl.DateTimeFormat('en-US', { dateStyle: 'long', timeZone: 'UTC' });
const weekday = new Intl.DateTimeFormat('en-US', { dateStyle: 'full', timeZone: 'UTC' });
const month = new Intl.DateTimeFormat('en-US', { year: 'numeric', month: 'long', timeZone: 'UTC' });
const short = new Intl.DateTimeFormat('en-US', { month: 'short', day: 'numeric', timeZone: 'UTC' });
const shortMonth = new Intl.DateTimeFormat('en-US', { month: 'short', year: 'numeric', timeZone: 'UTC' });

/** Dates written out: `November 2 – 8, 2026`. */
export const datesShown = ({ from, to }: { from: string; to: string }): string => long.formatRange(at(from), at(to));
export const monthShown = (name: string): string => month.format(at(`${name}-01`));

export function periodShown(by: Grain, name: string): string {
  if (by === 'day') return weekday.format(at(name));
  return by === 'month' ? monthShown(name) : datesShown(daysOf(by, name));
}

/** As little as fits under a chart. */
export const periodShort = (by: Grain, name: string): string => (by === 'month' ? shortMonth.format(at(`${name}-01`)) : short.format(at(name)));
