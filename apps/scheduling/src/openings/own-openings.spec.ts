import { DAY, HOUR, type Instant, type LocalDate, type LocalTime, MINUTE, type ProviderId, type ResourceId, type Zone, parseInstant } from '@slotmesh/kernel';
import fc from 'fast-check';
import { openRanges } from '../availability/domain/working-hours';
import { bookableWindow, findStarts } from './domain/find-starts';
import { gridMinutes } from './domain/grid';
import type { Offering } from './domain/opening';
import { OpenWeeks } from './domain/open-weeks';
import { inOrder, linesOf } from './own-openings';
import { Busy } from './persistence/calendar.repository';

const zone = 'America/Chicago' as Zone;
const now = parseInstant('2026-10-26T12:00:00Z');
const range = { start: now, end: (now + 4 * DAY) as Instant };
const idOf = (n: number): string => `00000000-0000-7000-8000-${String(n).padStart(12, '0')}`;
/** More calendars than are read at once, so that one start is read in several pieces. */
const world = fc.record({
  calendars: fc.oneof(fc.integer({ min: 1, max: 6 }), fc.integer({ min: 70, max: 100 })), duration: fc.constantFrom(15, 20, 30), before: fc.constantFrom(0, 10), after: fc.constantFrom(0, 5),
  opens: fc.constantFrom('08:00', '09:20'), notice: fc.constantFrom(0, 90), taken: fc.array(fc.tuple(fc.nat(200), fc.nat(4 * 24 * 4), fc.integer({ min: 1, max: 30 })), { maxLength: 80 }), wanted: fc.constantFrom(1, 21, 200),
});

describe('free starts of the calendars that are kept here', () => {
  it('P5: come by start and id, the same that all hours and all taken time at once give, however little is read at a time', async () => {
    await fc.assert(fc.asyncProperty(world, async ({ calendars, duration, before, after, opens, notice, taken, wanted }) => {
      const schedule = { hours: [1, 2, 3, 4, 5].map((weekday) => ({ weekday, from: opens as LocalTime, to: '17:00' as LocalTime, validFrom: '2020-01-01' as LocalDate, validTo: null })), exceptions: [], closures: [] };
      const offered = Array.from({ length: calendars }, (_, n) => {
        const offering = { visitTypeRef: 1, providerRef: n + 1, siteRef: 1, zone, durationMinutes: duration, extraMinutes: 0, seats: null, bufferBeforeMinutes: before, bufferAfterMinutes: after, minimumNoticeMinutes: notice, horizonDays: 3, needs: [], provider: idOf(n) as ProviderId, providerResource: idOf(n) as ResourceId } as Partial<Offering> as Offering;
        return { offering, weeks: new OpenWeeks(schedule, zone), rules: null, candidates: () => [] };
      });
      const rows = taken.map(([calendar, quarter, quarters]) => ({ resource_id: idOf(calendar % calendars) as ResourceId, starts_at: new Date(now + quarter * 15 * MINUTE), ends_at: new Date(now + (quarter + quarters) * 15 * MINUTE) }));
      const all = new Busy(rows);
      const expected = offered.flatMap(({ offering }) => {
        const window = bookableWindow(now, offering, range, zone);
        return findStarts({ ...offering, open: openRanges(schedule, { start: window.start, end: (window.end + HOUR) as Instant }, zone), busy: all.of(offering.providerResource), stepMinutes: gridMinutes(offering), window }).map((start) => start * 1_000 + offering.providerRef);
      }).sort((a, b) => a - b);
      const found: number[] = [];
      const read = inOrder(linesOf(offered, range, now), wanted, now, {
        busy: (resources, during) => Promise.resolve(new Busy(rows.filter((row) => resources.includes(row.resource_id) && row.starts_at.getTime() < during.end && row.ends_at.getTime() > during.start))), begun: () => Promise.resolve([]), sessions: () => Promise.resolve([]),
      });
      for await (const some of read) found.push(...some.map(({ start, offer }) => start * 1_000 + ('providerRef' in offer ? offer.providerRef : 0)));
      expect(found.join()).toBe(expected.join());
    }), { numRuns: 40 });
  });
});
