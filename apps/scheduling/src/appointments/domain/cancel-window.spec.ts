import { HOUR, type Instant, parseInstant } from '@slotmesh/kernel';
import fc from 'fast-check';
import { freeUntil, isLate } from './cancel-window';

const instants = fc.integer({ min: parseInstant('2026-01-01T00:00:00Z'), max: parseInstant('2027-01-01T00:00:00Z') }).map((at) => at as Instant);

describe('the window in which calling off is late', () => {
  test('nobody is late who had no moment to change their mind in time, and the last free moment is exactly the window before the start', () => {
    fc.assert(fc.property(instants, fc.integer({ min: 1, max: 336 }), instants, instants, (start, hours, takenAt, now) => {
      const cancelFreeUntil = freeUntil(hours, start, takenAt);
      const had = start - hours * HOUR > takenAt;
      expect(cancelFreeUntil).toBe(had ? start - hours * HOUR : null);
      expect(isLate({ cancelFreeUntil }, now)).toBe(had && now > start - hours * HOUR);
    }));
  });

  test('without a window nothing is ever late', () => {
    fc.assert(fc.property(instants, instants, (start, takenAt) => expect(freeUntil(null, start, takenAt)).toBeNull()));
  });

  test('an hour that the clocks leave out counts like every other: the window is of real hours', () => {
    // The night of 8 March 2026 in Boston has no hour from two to three.
    expect(freeUntil(24, parseInstant('2026-03-08T10:00:00-04:00'), parseInstant('2026-03-01T00:00:00Z'))).toBe(parseInstant('2026-03-07T09:00:00-05:00'));
  });
});
