import { type Instant, type LocalDate, type Zone, HOUR, MINUTE, addDays, localDateOf, localTimeOf, parseZone, plusMs } from '@slotmesh/kernel';
import fc from 'fast-check';
import { turnOf, waitOf } from './wait';

const zones = ['America/New_York', 'America/Phoenix', 'Australia/Lord_Howe', 'America/Havana', 'Asia/Kathmandu'].map(parseZone);

describe('when waiting is looked at', () => {
  it('P6: once on every date of the wall, at six, also on those on which the clocks change', () => {
    fc.assert(fc.property(fc.constantFrom(...zones), fc.integer({ min: 0, max: 3_000 }), (zone, days) => {
      let now = plusMs(Date.UTC(2024, 0, 1) as Instant, days * 24 * HOUR);
      let last: LocalDate | null = localDateOf(plusMs(now, -48 * HOUR), zone);
      const taken: string[] = [];
      const end = plusMs(now, 400 * 24 * HOUR);
      // As the clock is moved: from one due instant to the next.
      while (now < end) {
        const turn = turnOf(zone, last, now);
        if ('due' in turn) taken.push((last = turn.due));
        else {
          now = turn.next;
          expect(localTimeOf(now, zone)).toBe('06:00');
        }
      }
      for (const [n, date] of taken.entries()) if (n > 0) expect(date).toBe(addDays(taken[n - 1] as LocalDate, 1));
      expect(taken.length).toBeGreaterThanOrEqual(400);
    }), { numRuns: 20 });
  });

  it('P18: counts from the date of the snapshot, not the moment, and only days on which the place is open as working days', () => {
    const zone = 'America/New_York' as Zone;
    const at = (text: string) => ({ start: Date.parse(text) as Instant, zone });
    const [soon, late] = [at('2026-11-06T14:00:00Z'), at('2026-11-10T04:59:00Z')];
    const open = new Set(['2026-11-06', '2026-11-09', '2026-11-10'] as LocalDate[]);
    expect(waitOf('2026-11-06' as LocalDate, [soon, soon, late], open)).toEqual({ first: soon.start, third: late.start, days: 3, workingDays: 1 });
    expect(waitOf('2026-11-06' as LocalDate, [soon, soon, { ...soon, start: plusMs(soon.start, 30 * MINUTE) }], open)).toMatchObject({ days: 0, workingDays: 0 });
    expect(waitOf('2026-11-06' as LocalDate, [soon, late], open)).toEqual({ first: soon.start, third: null, days: null, workingDays: null });
    expect(waitOf('2026-11-06' as LocalDate, [], open)).toEqual({ first: null, third: null, days: null, workingDays: null });
  });
});
