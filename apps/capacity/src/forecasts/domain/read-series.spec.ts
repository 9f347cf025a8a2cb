import fc from 'fast-check';
import { mmwrWeekStart } from './mmwr-week';
import { readCsv } from './read-csv';
import { readSeries } from './read-series';

const lines = (...rows: string[]): string => rows.join('\n');

describe('a file as a series', () => {
  it('P18: weekdays are told from days and weeks, closed days and half-days found by their usual names, and a date without a row is unknown', () => {
    const { series, columns, withoutRow } = readSeries('\uFEFFDate,Visits,bank_holiday,half_day\r\n2026-03-05,10,0,0\r\n2026-03-06,"5",0,1\r\n2026-03-09,0,1,0\r\n2026-03-11,,0,0\r\n');
    expect(series.season).toBe(5);
    expect(series.values).toEqual([10, 5, 0, null, null]);
    expect(series.slots.map(({ date, place, closed, halfDay, beforeClosure, afterClosure }) => ({ date, place, closed, halfDay, beforeClosure, afterClosure }))).toEqual([
      { date: '2026-03-05', place: 3, closed: false, halfDay: false, beforeClosure: false, afterClosure: false },
      { date: '2026-03-06', place: 4, closed: false, halfDay: true, beforeClosure: true, afterClosure: false },
      { date: '2026-03-09', place: 0, closed: true, halfDay: false, beforeClosure: false, afterClosure: false },
      { date: '2026-03-10', place: 1, closed: false, halfDay: false, beforeClosure: false, afterClosure: true },
      { date: '2026-03-11', place: 2, closed: false, halfDay: false, beforeClosure: false, afterClosure: false },
    ]);
    expect([columns, withoutRow]).toEqual([{ value: 'Visits', closed: 'bank_holiday', halfDay: 'half_day', holiday: null, booked: [] }, 1]);
  });

  it('P18: a bank holiday with values is an open holiday, and columns can be named', () => {
    const { series, columns } = readSeries(lines('day,n,bank_holiday,shut', '2026-03-07,4,0,', '2026-03-08,9,1,', '2026-03-09,0,0,yes'), { date: 'day', value: 'N', closed: 'shut' });
    expect([series.season, columns.holiday, columns.closed]).toEqual([7, 'bank_holiday', 'shut']);
    expect(series.slots.map(({ closed, holiday }) => [closed, holiday])).toEqual([[false, false], [false, true], [true, false]]);
  });

  it('P18: year and MMWR week make a date, a year of 53 weeks included, and --from and --to cut by either', () => {
    const text = lines('year,mmwr_week,visits', '2020,52,1', '2020,53,2', '2021,1,3', '2021,2,4');
    expect(readSeries(text).series).toMatchObject({ season: 52, values: [1, 2, 3, 4], slots: [{ date: '2020-12-20', place: 51 }, { date: '2020-12-27', place: 51 }, { date: '2021-01-03', place: 0 }, { date: '2021-01-10', place: 1 }] });
    expect(readSeries(text, { from: '2020w53', to: '2021-01-03' }).series.values).toEqual([2, 3]);
    expect([mmwrWeekStart(2003, 40), mmwrWeekStart(2020, 53), mmwrWeekStart(2021, 53), mmwrWeekStart(2024, 1)]).toEqual(['2003-09-28', '2020-12-27', null, '2023-12-31']);
  });

  it('P18: columns of what was booked 1, 2 .. slots before are read by their numbers, and none of them is taken for the value', () => {
    const { series, columns } = readSeries(lines('date,visits,booked_2,booked_1,booked_4', '2026-03-05,9,5,7,1', '2026-03-09,8,,6,1'));
    expect([columns.value, columns.booked, series.booked]).toEqual(['visits', ['booked_1', 'booked_2'], [[7, 5], [null, null], [6, null]]]);
    expect(() => readSeries(lines('date,visits', '2026-03-05,9'), { booked: 'taken' })).toThrow('There is no column taken1; the file has date, visits.');
  });

  it('P18: MMWR weeks follow each other by seven days through all years, and most of the first one lies in its year', () => {
    fc.assert(fc.property(fc.integer({ min: 1950, max: 2150 }), (year) => {
      const last = mmwrWeekStart(year, 53) ?? mmwrWeekStart(year, 52)!;
      expect(Date.parse(mmwrWeekStart(year + 1, 1)!) - Date.parse(last)).toBe(7 * 86_400_000);
      expect(new Date(Date.parse(mmwrWeekStart(year, 1)!) + 3 * 86_400_000).getUTCFullYear()).toBe(year);
    }));
  });

  it.each([
    ['', {}, 'The file has no rows below a header line.'],
    [lines('date,value', '2026-03-05,1,000'), {}, 'Line 2 has 3 fields and the header 2; fields are separated by commas, and one with a comma in it stands in quotes.'],
    [lines('when,value', '2026-03-05,1'), {}, 'Which column is the date? Say --date, or --year and --week; the file has when, value.'],
    [lines('date,value', '05/03/2026,1'), {}, 'Line 2: "05/03/2026" is no date like 2026-03-08.'],
    [lines('date,value', '2026-03-05,many'), {}, 'Line 2: "many" (column value) is no number from 0 on.'],
    [lines('date,value', '2026-03-05,-1'), {}, 'Line 2: "-1" (column value) is no number from 0 on.'],
    [lines('date,value', '2026-03-05,1'), { value: 'visits' }, 'There is no column visits; the file has date, value.'],
    [lines('date,a,b', '2026-03-05,1,2'), {}, 'Several columns hold numbers (a, b); say which one is the value with --value.'],
    [lines('date,note', '2026-03-05,calm'), {}, 'No column holds numbers; say which one is the value with --value; the file has date, note.'],
    [lines('date,value,closed', '2026-03-05,1,maybe'), {}, 'Line 2: "maybe" (column closed) is neither 1 nor 0, yes nor no, true nor false.'],
    [lines('date,value,closed', '2026-03-05,7,1'), {}, 'Line 2: 2026-03-05 is closed (column closed) and has the value 7; days that are open and different belong into --holiday.'],
    [lines('date,value', '2026-03-05,1', '2026-03-06,1', '2026-03-06,1'), {}, 'Line 4: 2026-03-06 is there twice, or rows are not in the order of dates.'],
    [lines('date,value', '2026-03-06,1', '2026-03-05,1'), {}, 'Line 3: 2026-03-05 does not fit weekdays from Monday to Friday in the order of dates.'],
    [lines('date,value', '2026-03-02,1', '2026-03-10,1'), { season: 52 as const }, 'Line 3: 2026-03-10 does not fit weeks in the order of dates.'],
    [lines('date,value', '2026-03-02,1'), { from: '2026-04-01' }, 'No row lies between --from and --to.'],
    [lines('date,value', '2026-03-02,1'), { to: 'soon' }, '"soon" is neither a date like 2026-03-08 nor a week like 2003w40.'],
    [lines('year,week,value', '2021,53,1'), {}, 'Line 2: there is no week 53 of 2021.'],
  ])('P18: a wrong file is told where and what to do (%j)', (text, say, message) => {
    expect(() => readSeries(text, say)).toThrow(message);
  });

  it('reads back every field that RFC 4180 can hold', () => {
    const field = fc.string({ unit: fc.constantFrom('a', '1', ',', '"', '\n', ';'), maxLength: 6 });
    fc.assert(fc.property(fc.array(fc.tuple(field, field), { minLength: 1, maxLength: 5 }), (rows) => {
      const kept = rows.filter((row) => row.some((each) => each !== ''));
      expect(readCsv(rows.map((row) => row.map((each) => `"${each.replaceAll('"', '""')}"`).join(',')).join('\r\n')).map(({ fields }) => fields)).toEqual(kept);
    }));
  });
});
