import { addDays, DomainError, type LocalDate, parseLocalDate } from '@slotmesh/kernel';
import { mmwrWeekStart } from './mmwr-week';
import { readCsv } from './read-csv';
import { type CalendarDay, type Season, type Series, seriesOf, weekday } from './series';

/** Which column is what. What is not said is found by the usual names. */
export interface SeriesColumns {
  readonly date?: string | undefined;
  readonly year?: string | undefined;
  readonly week?: string | undefined;
  readonly value?: string | undefined;
  readonly closed?: string | undefined;
  readonly halfDay?: string | undefined;
  readonly holiday?: string | undefined;
  /** What the names of columns begin with that hold, before the number of slots, what was booked so many slots before. */
  readonly booked?: string | undefined;
  readonly season?: Season | undefined;
  /** First and last slot to read, as a date or as `2003w40`. */
  readonly from?: string | undefined;
  readonly to?: string | undefined;
}
export interface SeriesFile {
  readonly series: Series;
  readonly columns: { readonly value: string; readonly closed: string | null; readonly halfDay: string | null; readonly holiday: string | null; readonly booked: readonly string[] };
  /** Slots between the first and the last for which there is no row: nobody knows their value. */
  readonly withoutRow: number;
}
/** The file is not what it should be; the message says where and what to do. */
export class SeriesUnreadable extends DomainError {
  constructor(message: string) {
    super('invalid', 'series-unreadable', message);
  }
}

/** Names by which columns are found, the likeliest first. */
export const USUAL_NAMES = { date: ['date'], year: ['year'], week: ['mmwr_week', 'week'], value: ['value'], closed: ['closed'], halfDay: ['half_day', 'training_half_day'], holiday: ['holiday'], bankHoliday: ['bank_holiday'] } as const;
export const USUAL_PREFIX = 'booked_';

interface Row { readonly line: number; readonly date: LocalDate; readonly value: number | null; readonly closed: boolean; readonly halfDay: boolean; readonly holiday: boolean; readonly booked: readonly (number | null)[] }

/** A CSV file with a row for each day or week as a series. Throws SeriesUnreadable. */
export function readSeries(text: string, say: SeriesColumns = {}): SeriesFile {
  const [header, ...lines] = readCsv(text);
  if (!header || lines.length === 0) throw new SeriesUnreadable('The file has no rows below a header line.');
  for (const { line, fields } of lines) if (fields.length !== header.fields.length) throw new SeriesUnreadable(`Line ${line} has ${fields.length} fields and the header ${header.fields.length}; fields are separated by commas, and one with a comma in it stands in quotes.`);
  const table = new Table(header.fields, lines);
  const dateOf = table.dates(say);
  const dated = lines.map((line) => ({ ...line, date: dateOf(line) })).filter(({ date }) => (!say.from || date >= edge(say.from)) && (!say.to || date <= edge(say.to)));
  if (dated.length === 0) throw new SeriesUnreadable('No row lies between --from and --to.');
  const columns = table.columns(say, dated);
  const rows = dated.map(({ line, fields, date }): Row => {
    const flag = (name: string | null): boolean => name !== null && isYes(fields[table.at(name)] ?? '', line, name);
    const row = { line, date, value: numberOf(fields[table.at(columns.value)] ?? '', line, columns.value), closed: flag(columns.closed), halfDay: flag(columns.halfDay), holiday: columns.holiday !== null && !/^(?:0|no|n|false|f|)$/i.test(fields[table.at(columns.holiday)] ?? ''), booked: columns.booked.map((name) => numberOf(fields[table.at(name)] ?? '', line, name)) };
    if (row.closed && row.value) throw new SeriesUnreadable(`Line ${line}: ${date} is closed (column ${columns.closed}) and has the value ${row.value}; days that are open and different belong into --holiday.`);
    return row;
  });
  const season = say.season ?? seasonOf(rows);
  return { ...consecutive(season, rows), columns };
}

class Table {
  constructor(private readonly names: readonly string[], private readonly lines: readonly { readonly fields: readonly string[] }[]) {}

  at(name: string): number {
    const found = this.names.findIndex((other) => other.toLowerCase() === name.toLowerCase());
    if (found < 0) throw new SeriesUnreadable(`There is no column ${name}; the file has ${this.names.join(', ')}.`);
    return found;
  }
  private find(said: string | undefined, usual: readonly string[]): string | null {
    if (said !== undefined) return this.names[this.at(said)] ?? null;
    return this.names.find((name) => usual.includes(name.toLowerCase())) ?? null;
  }

  dates(say: SeriesColumns): (row: { readonly line: number; readonly fields: readonly string[] }) => LocalDate {
    const [date, year, week] = [this.find(say.date, USUAL_NAMES.date), this.find(say.year, USUAL_NAMES.year), this.find(say.week, USUAL_NAMES.week)];
    if (date && !(say.year && say.week)) return ({ line, fields }) => dateIn(fields[this.at(date)] ?? '', line);
    if (!year || !week) throw new SeriesUnreadable(`Which column is the date? Say --date, or --year and --week; the file has ${this.names.join(', ')}.`);
    return ({ line, fields }) => {
      const found = mmwrWeekStart(Number(fields[this.at(year)]), Number(fields[this.at(week)]));
      if (!found) throw new SeriesUnreadable(`Line ${line}: there is no week ${fields[this.at(week)]} of ${fields[this.at(year)]}.`);
      return found;
    };
  }

  columns(say: SeriesColumns, rows: readonly { readonly fields: readonly string[] }[]): SeriesFile['columns'] {
    const bank = this.find(undefined, USUAL_NAMES.bankHoliday);
    const halfDay = this.find(say.halfDay, USUAL_NAMES.halfDay);
    const booked = this.numbered(say.booked ?? USUAL_PREFIX);
    if (say.booked !== undefined && booked.length === 0) throw new SeriesUnreadable(`There is no column ${say.booked}1; the file has ${this.names.join(', ')}.`);
    const taken = [...this.names.filter((name) => name.toLowerCase().startsWith((say.booked ?? USUAL_PREFIX).toLowerCase())), say.date, say.year, say.week, ...Object.values(USUAL_NAMES).flat().filter((name) => name !== 'value'), say.closed, say.halfDay, say.holiday].map((name) => name?.toLowerCase());
    const value = this.find(say.value, USUAL_NAMES.value) ?? this.onlyNumbers(taken);
    const closed = this.find(say.closed, USUAL_NAMES.closed);
    const holiday = this.find(say.holiday, USUAL_NAMES.holiday);
    if (!bank || bank === closed || bank === holiday) return { value, closed, halfDay, holiday, booked };
    // Why: a bank holiday closes a practice and not an emergency department; the values say which of the two this is.
    const open = rows.some(({ fields }) => /^(?:1|yes|y|true|t)$/i.test(fields[this.at(bank)] ?? '') && Number(fields[this.at(value)]) > 0);
    return { value, halfDay, closed: closed ?? (open ? null : bank), holiday: holiday ?? (open ? bank : null), booked };
  }

  /** The columns `booked_1`, `booked_2` and on, as far as there is no gap. */
  private numbered(prefix: string): string[] {
    const found: string[] = [];
    for (;;) {
      const name = this.names.find((other) => other.toLowerCase() === `${prefix}${found.length + 1}`.toLowerCase());
      if (name === undefined) return found;
      found.push(name);
    }
  }

  private onlyNumbers(taken: readonly (string | undefined)[]): string {
    const found = this.names.filter((name, i) => !taken.includes(name.toLowerCase()) && this.lines.every(({ fields }) => !Number.isNaN(Number(fields[i] ?? ''))));
    const [only, ...others] = found;
    if (only === undefined) throw new SeriesUnreadable(`No column holds numbers; say which one is the value with --value; the file has ${this.names.join(', ')}.`);
    if (others.length > 0) throw new SeriesUnreadable(`Several columns hold numbers (${found.join(', ')}); say which one is the value with --value.`);
    return only;
  }
}

function dateIn(text: string, line: number): LocalDate {
  try {
    return parseLocalDate(text);
  } catch {
    throw new SeriesUnreadable(`Line ${line}: "${text}" is no date like 2026-03-08.`);
  }
}
function numberOf(text: string, line: number, column: string): number | null {
  if (text === '') return null;
  const value = Number(text);
  if (!Number.isFinite(value) || value < 0) throw new SeriesUnreadable(`Line ${line}: "${text}" (column ${column}) is no number from 0 on.`);
  return value;
}
function isYes(text: string, line: number, column: string): boolean {
  if (/^(?:1|yes|y|true|t)$/i.test(text)) return true;
  if (/^(?:0|no|n|false|f|)$/i.test(text)) return false;
  throw new SeriesUnreadable(`Line ${line}: "${text}" (column ${column}) is neither 1 nor 0, yes nor no, true nor false.`);
}
function edge(text: string): LocalDate {
  const [, year, week] = /^(\d{4})-?w(\d{1,2})$/i.exec(text) ?? [];
  const found = year && week ? mmwrWeekStart(Number(year), Number(week)) : null;
  if (found) return found;
  try {
    return parseLocalDate(text);
  } catch {
    throw new SeriesUnreadable(`"${text}" is neither a date like 2026-03-08 nor a week like 2003w40.`);
  }
}

const days = (from: LocalDate, to: LocalDate): number => Math.round((Date.parse(to) - Date.parse(from)) / 86_400_000);
function seasonOf(rows: readonly Row[]): Season {
  const first = rows[0]!.date;
  if (rows.length > 1 && rows.every(({ date }) => days(first, date) % 7 === 0)) return 52;
  return rows.some(({ date }) => weekday(date) > 4) ? 7 : 5;
}

/** Every slot from the first row to the last; one without a row has no value. */
function consecutive(season: Season, rows: readonly Row[]): Omit<SeriesFile, 'columns'> {
  const calendar: CalendarDay[] = [];
  const values: (number | null)[] = [];
  const booked: (readonly (number | null)[])[] = [];
  let withoutRow = 0;
  let expected = rows[0]!.date;
  for (const { line, value, booked: counts, ...day } of rows) {
    if (day.date < expected) throw new SeriesUnreadable(calendar.some(({ date }) => date === day.date) ? `Line ${line}: ${day.date} is there twice, or rows are not in the order of dates.` : `Line ${line}: ${day.date} does not fit ${STEP[season]} in the order of dates.`);
    for (; expected < day.date; expected = next(season, expected)) {
      calendar.push({ date: expected, closed: false, halfDay: false, holiday: false });
      values.push(null);
      booked.push(counts.map(() => null));
      withoutRow += 1;
    }
    if (expected !== day.date) throw new SeriesUnreadable(`Line ${line}: ${day.date} does not fit ${STEP[season]} in the order of dates.`);
    calendar.push(day);
    values.push(value);
    booked.push(counts);
    expected = next(season, expected);
  }
  return { series: seriesOf(season, calendar, values, booked.some((counts) => counts.length > 0) ? booked : undefined), withoutRow };
}
const STEP: Readonly<Record<Season, string>> = { 5: 'weekdays from Monday to Friday', 7: 'days', 52: 'weeks' };
const next = (season: Season, date: LocalDate): LocalDate => addDays(date, season === 52 ? 7 : season === 5 && weekday(date) === 4 ? 3 : 1);
