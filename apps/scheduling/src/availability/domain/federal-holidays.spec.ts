import { type LocalDate, weekdayOf } from '@slotmesh/kernel';
import fc from 'fast-check';
import { federalHolidays, publicHolidays } from './federal-holidays';

const d = (text: string): LocalDate => text as LocalDate;
const dates = (first: string, last: string, state: string | null = null): string[] => publicHolidays(d(first), d(last), state).map((h) => `${h.date} ${h.name}${h.observed ? ' (observed)' : ''}`);

describe('public holidays', () => {
  it('lists the eleven federal holidays of 2026 and the Friday that stands in for a Saturday', () => {
    expect(dates('2026-01-01', '2026-12-31')).toEqual([
      "2026-01-01 New Year's Day", '2026-01-19 Martin Luther King Jr. Day', "2026-02-16 Washington's Birthday", '2026-05-25 Memorial Day', '2026-06-19 Juneteenth', '2026-07-03 Independence Day (observed)',
      '2026-07-04 Independence Day', '2026-09-07 Labor Day', '2026-10-12 Columbus Day', '2026-11-11 Veterans Day', '2026-11-26 Thanksgiving Day', '2026-12-25 Christmas Day',
    ]);
  });

  it('finds the observed day on the other side of the year, once', () => {
    expect(dates('2027-12-31', '2027-12-31')).toEqual(["2027-12-31 New Year's Day (observed)"]);
    expect(dates('2027-12-30', '2028-01-02')).toEqual(["2027-12-31 New Year's Day (observed)", "2028-01-01 New Year's Day"]);
  });

  it('gives Veterans Day its observed day too (5 U.S.C. 6103)', () => {
    expect(dates('2023-11-09', '2023-11-13')).toEqual(['2023-11-10 Veterans Day (observed)', '2023-11-11 Veterans Day']);
    expect(dates('2029-11-09', '2029-11-13')).toEqual(['2029-11-11 Veterans Day', '2029-11-12 Veterans Day (observed)']);
  });

  it("adds what a state keeps, such as Patriots' Day in Massachusetts, and refuses a state that is none", () => {
    expect(dates('2026-04-01', '2026-04-30', 'MA')).toEqual(["2026-04-20 Patriots' Day"]);
    expect(dates('2026-04-01', '2026-04-30', 'AZ')).toEqual([]);
    expect(() => publicHolidays(d('2026-01-01'), d('2026-12-31'), 'XX')).toThrow('XX');
  });

  it('in every year each of the eleven falls on, or is observed on, exactly one weekday', () => {
    fc.assert(fc.property(fc.integer({ min: 2022, max: 2090 }), (year) => {
      const working = federalHolidays(d(`${year - 1}-12-20`), d(`${year}-12-31`)).filter((h) => weekdayOf(h.date) <= 5);
      const names = working.filter((h) => h.date >= `${year}-01-01` || (h.observed && h.name === "New Year's Day")).map((h) => h.name);
      const nextNewYear = federalHolidays(d(`${year}-12-31`), d(`${year}-12-31`)).length;
      expect(names.length - nextNewYear).toBe(11);
    }));
  });
});
