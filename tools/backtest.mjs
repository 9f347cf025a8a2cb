#!/usr/bin/env node
// npm run -s backtest -- FILE --horizon H [--json]   forecasts a series from many of its own dates and holds that against what came. Needs nothing running.
import { existsSync, readFileSync, statSync } from 'node:fs';
import { basename } from 'node:path';
import { parseArgs } from 'node:util';
import { run, Trouble } from './launcher/trouble.mjs';
import { loadTypeScript } from './typescript/load.mjs';

const domain = 'apps/capacity/src/forecasts/domain';
const HELP = `npm run -s backtest -- FILE --horizon H [options]

Forecasts the series in FILE (CSV with a header) from many of its own dates, each time from earlier rows alone, and prints for each method and for the one
that earlier dates choose:
  WAPE   sum of absolute errors / sum of values
  MASE   mean absolute error / mean absolute difference from one season before, in the rows before each date
  80 %, 95 %   share of open slots within the intervals, which are made from errors at earlier dates alone

A row is a day, a weekday (no Saturdays and Sundays in the file) or a week. Columns, by name (any case):
  --date COLUMN       2026-03-08; default: date
  --year, --week COLUMN   instead of a date: year and MMWR week; default: year and mmwr_week or week, where there is no date
  --value COLUMN      what is forecast, from 0 on, empty where unknown; default: value, else the only other column of numbers
  --closed COLUMN     1 where nothing takes place (the value is 0); default: closed, else bank_holiday where its values are 0
  --half-day COLUMN   1 where it is open for a part of the day; default: half_day or training_half_day
  --holiday COLUMN    1 or a name where it is open and the day is no usual one; default: holiday, else bank_holiday where its values are not 0
  --booked PREFIX     columns PREFIX1, PREFIX2, ..: what of the value was booked by the end of the row 1, 2, .. rows before; default: booked_
Dates without a row count as unknown.

What is tried:
  --horizon H         slots that each forecast reaches ahead
  --first N           rows before the first date that counts; default: two thirds of them
  --step N            rows from one such date to the next; default: a week of days, or 4 weeks
  --season 5|7|52     weekdays, days of the week, weeks of the year; default: as the dates are
  --from, --to WHEN   first and last row to use, 2026-03-08 or 2003w40
  --json              the same as JSON, unrounded

  npm run -s backtest -- gp.csv --horizon 20 --first 520 --step 5
  npm run -s backtest -- ili.csv --horizon 13 --value visits_per_provider --from 2003w40 --to 2020w08 --first 416 --step 4`;

await run(() => {
  const { file, say, values } = asked();
  if (values.help) return console.log(HELP);
  if (!file) throw new Trouble('Which file? npm run -s backtest -- FILE --horizon H; --help says more.');
  if (!existsSync(file) || !statSync(file).isFile()) throw new Trouble(`There is no file ${file}.`);
  if (values.horizon === undefined) throw new Trouble('How far ahead? Say --horizon H, in rows.');
  const horizon = wholeNumber('horizon', values.horizon);
  const { readSeries } = loadTypeScript(`${domain}/read-series.ts`);
  const { stepOf } = loadTypeScript(`${domain}/forecast.ts`);
  const { backtest } = loadTypeScript(`${domain}/backtest.ts`);
  const read = mendable(() => readSeries(readFileSync(file, 'utf8'), say));
  const { series } = read;
  const first = values.first === undefined ? Math.floor((series.values.length * 2) / 3) : wholeNumber('first', values.first);
  const step = values.step === undefined ? stepOf(series.season) : wholeNumber('step', values.step);
  const report = mendable(() => backtest(series, { horizon, first, step }));
  const about = { file: basename(file), columns: read.columns, slots: series.values.length, from: series.slots[0].date, to: series.slots.at(-1).date, withoutRow: read.withoutRow };
  console.log(values.json ? JSON.stringify({ ...about, ...report }, null, 2) : textOf(about, report, series));
});

function asked() {
  try {
    const { values, positionals } = parseArgs({
      allowPositionals: true,
      options: {
        help: { type: 'boolean' }, json: { type: 'boolean' }, horizon: { type: 'string' }, first: { type: 'string' }, step: { type: 'string' }, season: { type: 'string' }, from: { type: 'string' }, to: { type: 'string' },
        date: { type: 'string' }, year: { type: 'string' }, week: { type: 'string' }, value: { type: 'string' }, booked: { type: 'string' }, closed: { type: 'string' }, 'half-day': { type: 'string' }, holiday: { type: 'string' },
      },
    });
    if (positionals.length > 1) throw new Trouble(`One file at a time, not ${positionals.join(' and ')}.`);
    if (values.season !== undefined && !['5', '7', '52'].includes(values.season)) throw new Trouble('--season is 5, 7 or 52.');
    const { date, year, week, value, booked, closed, holiday, from, to } = values;
    return { file: positionals[0], values, say: { date, year, week, value, booked, closed, holiday, from, to, halfDay: values['half-day'], season: values.season === undefined ? undefined : Number(values.season) } };
  } catch (error) {
    if (error instanceof TypeError) throw new Trouble(`${error.message.split('\n')[0]} --help says what there is.`);
    throw error;
  }
}

/** @param {string} name @param {string} text */
function wholeNumber(name, text) {
  const number = Number(text);
  if (!Number.isInteger(number) || number < 1) throw new Trouble(`--${name} is a whole number from 1 on, not ${text}.`);
  return number;
}

/** @template T @param {() => T} work @returns {T} */
function mendable(work) {
  const { DomainError } = loadTypeScript('libs/kernel/src/index.ts');
  try {
    return work();
  } catch (error) {
    throw error instanceof DomainError ? new Trouble(error.message) : error;
  }
}

function textOf(about, report, series) {
  const word = { 5: 'weekdays', 7: 'days', 52: 'weeks' }[report.season];
  const count = (kind, column) => (column ? `, ${series.slots.filter((slot) => slot[kind]).length} ${{ closed: 'closed', halfDay: 'half-days', holiday: 'holidays' }[kind]} (${column})` : '');
  const rows = [['method', 'WAPE', 'MASE', '80 %', '95 %', 'origins', 'chosen at'], ...[...report.methods, report.chosen].map((row) => [row.method, figure(row.wape, 4), figure(row.mase, 3), figure(row.coverage80, 3), figure(row.coverage95, 3), String(row.origins), String(row.chosenAt)])];
  const widths = rows[0].map((_, column) => Math.max(...rows.map((row) => row[column].length)));
  return [
    `${about.file}: ${about.columns.value}, ${about.slots} ${word} ${about.from}..${about.to}${count('closed', about.columns.closed)}${count('halfDay', about.columns.halfDay)}${count('holiday', about.columns.holiday)}${about.withoutRow > 0 ? `, ${about.withoutRow} without a row` : ''}`,
    `${report.origins} origins, the first after ${report.first} ${word}, one every ${report.step}; horizon ${report.horizon}`,
    '',
    ...rows.map((row) => row.map((cell, column) => (column === 0 ? cell.padEnd(widths[0]) : cell.padStart(widths[column]))).join('  ')),
    ...(report.chosen.origins < report.origins ? ['', `At ${report.origins - report.chosen.origins} origins there was too little before them to choose a method by.`] : []),
  ].join('\n');
}

/** @param {number | null} value @param {number} digits */
function figure(value, digits) {
  return value === null ? '-' : value.toFixed(digits);
}
