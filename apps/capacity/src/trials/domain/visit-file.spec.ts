import { addDays, parseLocalDate } from '@slotmesh/kernel';
import fc from 'fast-check';
import { partnershipOf } from '../../what-if/domain/known-practices';
import { asKnown, ratesOf } from './rates-of';
import { countVisits } from './visit-file';

const first = parseLocalDate('2025-01-06');

describe('a file of visits', () => {
  it('is counted as by hand, with guessed columns, and names lines and reasons of what cannot be read, never values', () => {
    const csv = ['Patient,Appointment Date,Booked On,Status,Duration (minutes)', 'Ann Example,2025-01-07 09:00,2025-01-06,Completed,30', 'Bob Example,01/07/2025,2025-01-07,No Show,45', '"Cy, Example",2025-01-08,2025-01-06,cancelled,30', 'Dee Secret,soon,2025-01-06,Completed,30', 'Eve Secret,2025-02-30,,Completed,30',
      'Fay Secret,2025-01-08,2025-01-09,Completed,30', 'Gil Secret,2025-01-08,2025-01-06,whatever,30', 'Hal Secret,2025-01-08,2025-01-06,Completed,900', 'Ida Example,2025-01-14,,booked,'].join('\r\n');
    const file = countVisits(csv, {});
    expect(file).toMatchObject({
      mapping: { start: 'Appointment Date', booked: 'Booked On', status: 'Status', duration: 'Duration (minutes)' }, rows: 9, kept: 1, missed: 1, calledOff: 1, booked: 1, services: 0, visitMinutes: 30, settledTo: '2025-01-07', leadDays: 0.5, weeks: 1,
      days: [{ day: '2025-01-06', requests: 2, visits: 0, calledOff: 0, missed: 0 }, { day: '2025-01-07', requests: 1, visits: 2, calledOff: 0, missed: 1 }, { day: '2025-01-08', requests: 0, visits: 1, calledOff: 1, missed: 0 }, { day: '2025-01-14', requests: 1, visits: 1, calledOff: 0, missed: 0 }],
    });
    expect(file.unread.map(({ line, reason }) => [line, reason.split(' ').slice(0, 4).join(' ')])).toEqual([[5, 'the day of the'], [6, 'the day of the'], [7, 'booked after the visit'], [8, 'the status is no'], [9, 'the duration is no']]);
    expect(JSON.stringify(file)).not.toMatch(/Example|Secret|soon|whatever|900/);
  });

  it('needs a column for the day of the visit and every column that is named', () => {
    expect(() => countVisits('Ann Example,yesterday', {})).toThrow('no column for "start". Say which one it is: "start" in the query of a text/csv file (?start=...)');
    expect(() => countVisits('date,status', { booked: 'Ann Example' })).toThrow('no column of the name that "booked" gives');
    expect(() => countVisits('', {})).toThrow('no column for "start"');
    expect(countVisits('termin,date', { start: 'termin' }).mapping).toEqual({ start: 'termin' });
  });

  it('with semicolons or tabs between its columns is told that commas are needed, unless that is the name of its column', () => {
    for (const [mark, name] of [[';', 'semicolons'], ['\t', 'tabs']]) {
      expect(() => countVisits(`date${mark}status\n2025-01-06${mark}attended`, {})).toThrow(`first line has ${name} and no comma. Columns must be separated by commas`);
      expect(countVisits(`date${mark}local\n2025-01-06`, { start: `date${mark}local` })).toMatchObject({ kept: 1, rows: 1 });
    }
  });

  it('of more than a thousand columns, or of more days than may be, is refused before the rest is read', () => {
    expect(countVisits(`date${','.repeat(999)}\n2025-01-06`, {}).kept).toBe(1);
    const began = performance.now();
    for (const wide of [','.repeat(3_900_000), `date\n${','.repeat(3_900_000)}`]) expect(() => countVisits(wide, {})).toThrow('more than 1000 columns');
    const days = `date\n${Array.from({ length: 9_000 }, (_, n) => [2025, 2026, 1000 + n].map((year) => Array.from({ length: 12 }, (__, month) => `${year}-${String(month + 1).padStart(2, '0')}-07`).join('\n')).join('\n')).join('\n')}`;
    expect(() => countVisits(days, {})).toThrow('visits on more than 3660 days');
    expect(performance.now() - began).toBeLessThan(3_000);
  });

  it('is the same in any order of lines, adds up, and gives back the load that it was made with', () => {
    fc.assert(fc.property(fc.integer({ min: 8, max: 20 }), fc.integer({ min: 2, max: 25 }), fc.integer({ min: 0, max: 1 }), fc.integer(), (weeks, perDay, calledOff, seed) => {
      const lines = Array.from({ length: weeks * 5 }, (_, n) => addDays(first, Math.floor(n / 5) * 7 + (n % 5))).flatMap((day) => Array.from({ length: perDay }, (_, nth) => `${day},${addDays(day, -(nth % 3))},${nth < calledOff ? 'cancelled' : 'attended'}`));
      const shuffled = lines.map((line, n) => [(n * 7919 + Math.abs(seed)) % 10_007, line] as const).sort(([a], [b]) => a - b).map(([, line]) => line);
      const file = countVisits(['date,booked,status', ...lines].join('\n'), {});
      expect(countVisits(['date,booked,status', ...shuffled].join('\n'), {})).toEqual(file);
      expect(file.days.reduce((sum, day) => sum + day.requests, 0)).toBe(lines.length);
      const known = asKnown('new', ratesOf(file, 20));
      const [practice] = partnershipOf([known, { ...known, id: 'other' }], 'new', {}).practices;
      expect(practice!.slotsPerDay).toBe(20);
      // Those that are called off are asked for again, and are no request of their own.
      expect(practice!.load).toBeCloseTo((perDay - calledOff) / 20, 2);
    }), { numRuns: 30 });
  });

  it('tells the first hundred lines that cannot be read, and how many there are; of more than ten years it is too long', () => {
    expect(countVisits(`date\n${'soon\n'.repeat(250)}`, {})).toMatchObject({ rows: 250, unreadLines: 250, unread: { length: 100, 99: { line: 101 } }, leadDays: 0 });
    const days = (most: number) => `date\n${Array.from({ length: most }, (_, n) => addDays(first, n)).join('\n')}`;
    expect(countVisits(days(3_660), {}).days).toHaveLength(3_660);
    expect(() => countVisits(days(3_661), {})).toThrow('visits on more than 3660 days');
  });

  it('of fewer than eight weeks is too short', () => {
    expect(() => ratesOf(countVisits(`date\n${Array.from({ length: 7 }, (_, week) => addDays(first, week * 7)).join('\n')}`, {}), undefined)).toThrow('Visits of 7 weeks could be read, up to the last one that was kept or missed; 8 are needed');
  });

  it('of which more than one line of fifty cannot be read gives no rates: what is left would be another practice', () => {
    const of = (unread: number) => countVisits(['date,status', ...Array.from({ length: 500 }, (_, n) => `${addDays(first, n % 100)},${n < unread ? 'zurückgestellt' : 'attended'}`)].join('\n'), {});
    expect(ratesOf(of(10), 5).load).toBeCloseTo(0.98, 2);
    expect(() => ratesOf(of(11), 5)).toThrow('11 of 500 lines could not be read');
  });

  it('with days to come counts the load by those that were kept or missed', () => {
    const of = (weeks: number, from: number, perDay: number, status: string, lead: number) => Array.from({ length: weeks * 5 }, (_, n) => addDays(first, (from + Math.floor(n / 5)) * 7 + (n % 5))).flatMap((day) => Array.from({ length: perDay }, (__, nth) => `${day},${addDays(day, -lead)},${nth === 0 && status === 'attended' ? 'no show' : status}`));
    const past = of(39, 0, 20, 'attended', 7);
    const alone = countVisits(['date,booked,status', ...past].join('\n'), {});
    const both = countVisits(['date,booked,status', ...past, ...of(13, 39, 3, 'booked', 60)].join('\n'), {});
    expect(ratesOf(both, undefined)).toEqual(ratesOf(alone, undefined));
    expect(ratesOf(both, undefined)).toMatchObject({ load: 1, slotsPerDay: 20, weeks: 39, leadDays: 7 });
    expect(both.settledTo).toBe(addDays(first, 38 * 7 + 4));
    expect(() => ratesOf(countVisits(['date,status', ...of(20, 0, 9, 'cancelled', 0).map((line) => line.replace(/,.*,/, ','))].join('\n'), {}), undefined)).toThrow('Visits of 0 weeks');
  });
});
