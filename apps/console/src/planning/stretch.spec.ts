import fc from 'fast-check';
import { dateIn, datesShown, daysOf, monthsBefore, periodShown, stretchAhead, stretchOf } from './stretch';

describe('the days that the planning page asks about', () => {
  it('P18: takes whole weeks and months that are over, since a running one would look like a fall', () => {
    const weeks = stretchOf('weeks', '2026-11-28');
    expect([weeks.from, weeks.to, weeks.names.length, weeks.names.at(-1)]).toEqual(['2026-08-24', '2026-11-22', 13, '2026-11-16']);
    expect(stretchOf('weeks', '2026-11-30').to).toBe('2026-11-29');
    const months = stretchOf('months', '2026-02-28');
    expect([months.from, months.to, months.names.at(0), months.names.at(-1)]).toEqual(['2025-02-01', '2026-01-31', '2025-02', '2026-01']);
    expect(stretchOf('days', '2026-11-28')).toMatchObject({ from: '2026-11-15', to: '2026-11-28', by: 'day', running: '2026-11-28' });
    expect(stretchAhead('2026-11-28')).toMatchObject({ from: '2026-11-28', to: '2026-12-25' });
    expect(monthsBefore('2026-01-01', 3)).toEqual(['2025-10', '2025-11', '2025-12']);
  });

  it('P18: the periods follow each other without a gap and fill the stretch, on any day', () => {
    fc.assert(fc.property(fc.date({ min: new Date('2020-01-01'), max: new Date('2040-01-01'), noInvalidDate: true }), fc.constantFrom('weeks', 'months', 'days' as const), (date, period) => {
      const { from, to, by, names } = stretchOf(period, date.toISOString().slice(0, 10));
      const days = names.map((name) => daysOf(by, name));
      const next = (day: string): string => new Date(Date.parse(day) + 86_400_000).toISOString().slice(0, 10);
      return days[0]?.from === from && days.at(-1)?.to === to && days.every((one, index) => index === 0 || one.from === next(days[index - 1]?.to ?? ''));
    }));
  });

  it('says dates in words, and which day it is where the practice is', () => {
    expect(periodShown('week', '2026-11-02').replace(/\s+/g, ' ')).toBe('November 2 – 8, 2026');
    expect(periodShown('month', '2026-11')).toBe('November 2026');
    expect(periodShown('day', '2026-11-27')).toBe('Friday, November 27, 2026');
    expect(datesShown({ from: '2026-12-28', to: '2027-01-03' }).replace(/\s+/g, ' ')).toBe('December 28, 2026 – January 3, 2027');
    expect([dateIn(Date.parse('2026-11-28T05:00:00Z'), 'America/Denver'), dateIn(Date.parse('2026-11-28T08:00:00Z'), 'America/Denver')]).toEqual(['2026-11-27', '2026-11-28']);
  });
});
