import { type LocalDate, addDays, daysBetween, parseLocalDate, weekdayOf } from '@slotmesh/kernel';
import { type CsvRow, rowsOfCsv } from '../../forecasts/domain/read-csv';
import type { DayCounts } from './counts';
import { type Mapping, mappedTo } from './mapping';
import { ColumnsNotApart, FileTooLong, TooManyColumns } from './trial.errors';

/** Why a line could not be read; never what stands in it. */
export type Unreadable = 'the day of the visit is no date as 2026-03-31 or 03/31/2026' | 'the day of the booking is no date as 2026-03-31 or 03/31/2026' | 'booked after the visit' | 'the status is no word that is known' | 'the duration is no number of minutes from 1 to 600';
const statuses = ['kept', 'missed', 'called-off', 'booked'] as const;
type Status = (typeof statuses)[number];

/** What is counted in a file of visits. It holds days and numbers alone: no value of a column leaves `countVisits`, except the names of the columns. */
export interface VisitFile {
  readonly columns: readonly string[];
  readonly mapping: Mapping;
  readonly rows: number;
  /** The first of them. */
  readonly unread: readonly { readonly line: number; readonly reason: Unreadable }[];
  readonly unreadLines: number;
  readonly kept: number;
  readonly missed: number;
  readonly calledOff: number;
  readonly booked: number;
  /** How many different ones; 0 without a column for it. */
  readonly services: number;
  readonly days: readonly DayCounts[];
  /** Median minutes; null without a column for it. */
  readonly visitMinutes: number | null;
  /** The last day of a visit that was kept or missed; of what comes later nobody knows yet how much it will be. Null without one. */
  readonly settledTo: LocalDate | null;
  /** Of visits up to then. */
  readonly leadDays: number;
  /** Weeks (Monday to Sunday) with visits up to then. */
  readonly weeks: number;
}

const STATUS: Readonly<Record<Status, readonly string[]>> = {
  kept: ['kept', 'fulfilled', 'completed', 'complete', 'attended', 'seen', 'done', 'checkedout', 'arrived', 'show', 'showed'],
  missed: ['missed', 'noshow', 'noshowed', 'dna', 'didnotattend', 'failed'],
  'called-off': ['calledoff', 'cancelled', 'canceled', 'cancel', 'latecancel', 'rescheduled'],
  booked: ['booked', 'scheduled', 'confirmed', 'pending', 'checkedin', 'unmarked'],
};
const statusOf: ReadonlyMap<string, Status> = new Map(statuses.flatMap((status) => STATUS[status].map((word): [string, Status] => [word, status])));
const MOST_MINUTES = 600;
/** Lines that are told one by one. */
const MOST_TOLD = 100;
/** Ten years. */
const MOST_DAYS = 3_660;
const MOST_COLUMNS = 1_000;

/** Counts the visits of a file: one line each, the names of the columns first. Without a column for the status all were kept, without one for the booking each was asked for on its own day. Throws ColumnMissing, ColumnsNotApart, TooManyColumns, FileTooLong. */
export function countVisits(csv: string, given: Mapping): VisitFile {
  const lines = narrowRows(csv);
  const header = lines.next();
  const columns = header.done ? [] : header.value.fields;
  const between = separatorOf(columns);
  if (between !== null && given.start !== columns[0]) throw new ColumnsNotApart(between);
  const { mapping, indexOf } = mappedTo(columns, given);
  const dates = new Dates();
  const days = new Map<LocalDate, { requests: number; visits: number; calledOff: number; missed: number; lead: number }>();
  const dayOf = (day: LocalDate) => {
    const found = days.get(day) ?? { requests: 0, visits: 0, calledOff: 0, missed: 0, lead: 0 };
    days.set(day, found);
    return found;
  };
  const totals: Record<Status, number> = { kept: 0, missed: 0, 'called-off': 0, booked: 0 };
  const [unread, minutes, services]: [{ line: number; reason: Unreadable }[], number[], Set<string>] = [[], [], new Set()];
  let rows = 0;
  let unreadLines = 0;
  let settledTo: LocalDate | null = null;
  for (const { line, fields } of lines) {
    rows++;
    const field = (role: keyof Mapping): string | null => { const at = indexOf[role]; return at === undefined ? null : fields[at]?.trim() ?? ''; };
    const visit = readVisit(field, dates);
    if (typeof visit === 'string') {
      unreadLines++;
      if (unread.length < MOST_TOLD) unread.push({ line, reason: visit });
      continue;
    }
    const { day, booked, status, duration } = visit;
    totals[status]++;
    const on = dayOf(day);
    on.visits++;
    if (status === 'called-off') on.calledOff++;
    if (status === 'missed') on.missed++;
    dayOf(booked).requests++;
    // Why within the loop: each further day costs time, and the answer is known.
    if (days.size > MOST_DAYS) throw new FileTooLong(MOST_DAYS);
    on.lead += daysBetween(booked, day);
    if ((status === 'kept' || status === 'missed') && (settledTo === null || day > settledTo)) settledTo = day;
    if (duration !== null) minutes.push(duration);
    const service = field('service');
    if (service) services.add(service);
  }
  return {
    columns, mapping, rows, unread, unreadLines, kept: totals.kept, missed: totals.missed, calledOff: totals['called-off'], booked: totals.booked, services: services.size,
    days: [...days].sort(([a], [b]) => (a < b ? -1 : 1)).map(([day, { lead: _, ...counts }]) => ({ day, ...counts })), visitMinutes: minutes.length === 0 ? null : quantile(minutes, 0.5), settledTo, ...overall([...days].filter(([day]) => settledTo !== null && day <= settledTo)),
  };
}

function* narrowRows(csv: string): Generator<CsvRow, void> {
  for (const row of rowsOfCsv(csv, MOST_COLUMNS)) {
    if (row.fields.length > MOST_COLUMNS) throw new TooManyColumns(MOST_COLUMNS);
    yield row;
  }
}

/** What stands between the columns of a first line without a comma; null: there is one, or nothing else. */
function separatorOf([only = '', ...others]: readonly string[]): 'semicolons' | 'tabs' | null {
  if (others.length > 0) return null;
  return only.includes(';') ? 'semicolons' : only.includes('\t') ? 'tabs' : null;
}

function overall(days: readonly (readonly [LocalDate, { readonly visits: number; readonly lead: number }])[]): Pick<VisitFile, 'leadDays' | 'weeks'> {
  const open = days.filter(([, { visits }]) => visits > 0);
  const visits = open.reduce((sum, [, day]) => sum + day.visits, 0);
  return { leadDays: visits === 0 ? 0 : open.reduce((sum, [, day]) => sum + day.lead, 0) / visits, weeks: new Set(open.map(([day]) => addDays(day, 1 - weekdayOf(day)))).size };
}

function readVisit(field: (role: keyof Mapping) => string | null, dates: Dates): { readonly day: LocalDate; readonly booked: LocalDate; readonly status: Status; readonly duration: number | null } | Unreadable {
  const day = dates.read(field('start') ?? '');
  if (day === null) return 'the day of the visit is no date as 2026-03-31 or 03/31/2026';
  const bookedText = field('booked');
  const booked = bookedText === null || bookedText === '' ? day : dates.read(bookedText);
  if (booked === null) return 'the day of the booking is no date as 2026-03-31 or 03/31/2026';
  if (booked > day) return 'booked after the visit';
  const statusText = field('status');
  const status = statusText === null ? 'kept' : statusOf.get(statusText.toLowerCase().replace(/[^a-z]/g, ''));
  if (status === undefined) return 'the status is no word that is known';
  const durationText = field('duration');
  const duration = durationText === null || durationText === '' ? null : Number(durationText);
  if (duration !== null && !(duration >= 1 && duration <= MOST_MINUTES)) return 'the duration is no number of minutes from 1 to 600';
  return { day, booked, status, duration };
}

/** The least value with so much of them at or below it. */
export function quantile(values: readonly number[], at: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(at * sorted.length) - 1)] ?? 0;
}

/** The day at the beginning of a text; each is looked at once, because a year has few. */
class Dates {
  private readonly known = new Map<string, LocalDate | null>();

  read(text: string): LocalDate | null {
    const found = /^(\d{4})-(\d{2})-(\d{2})(?:[T ].*)?$/.exec(text) ?? /^(\d{1,2})\/(\d{1,2})\/(\d{4})(?: .*)?$/.exec(text);
    if (!found) return null;
    const [, a = '', b = '', c = ''] = found;
    const iso = a.length === 4 ? `${a}-${b}-${c}` : `${c}-${a.padStart(2, '0')}-${b.padStart(2, '0')}`;
    let day = this.known.get(iso);
    if (day === undefined) this.known.set(iso, (day = dateOrNull(iso)));
    return day;
  }
}

function dateOrNull(iso: string): LocalDate | null {
  try {
    return parseLocalDate(iso);
  } catch {
    return null;
  }
}
