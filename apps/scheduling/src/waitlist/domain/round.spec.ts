import { DEFAULT_QUIET_HOURS, HOUR, type Instant, MINUTE, type WaitlistEntryId, instant, isQuiet, parseInstant, parseZone, plusMs } from '@slotmesh/kernel';
import fc from 'fast-check';
import { type Candidate, MOST_OFFERS, cutOff, looksAgainAt, mayBeOffered, nextOffers, paceOf } from './round';

const zones = ['America/New_York', 'America/Denver', 'America/Phoenix', 'Pacific/Honolulu'].map(parseZone);
const begin = parseInstant('2026-03-06T00:00:00Z');
const candidate: fc.Arbitrary<Candidate> = fc.record({ id: fc.uuid().map((id) => id as WaitlistEntryId), urgency: fc.constantFrom('urgent', 'soon', 'routine'), addedAt: fc.integer({ min: 0, max: 9 }).map(instant), kilometres: fc.constant(null), zone: fc.constantFrom(...zones) });
/** Also over the night on which the clocks change. */
const moment = fc.integer({ min: 0, max: 4 * 24 * 60 }).map((minutes) => plusMs(begin, minutes * MINUTE));

describe('a round of offers', () => {
  it('asks one at a time while there is time, and three to five at once inside four hours', () => {
    expect([25 * HOUR, 24 * HOUR, 5 * HOUR, 4 * HOUR, HOUR].map(paceOf)).toEqual([
      { together: 1, windowMinutes: 30 }, { together: 1, windowMinutes: 15 }, { together: 1, windowMinutes: 15 }, { together: 4, windowMinutes: 15 }, { together: 4, windowMinutes: 15 }]);
  });

  it('P15: asks nobody at night, wakes in the first morning, never offers past the cut-off or more than its bound', () => {
    fc.assert(fc.property(fc.array(candidate, { maxLength: 8 }), moment, fc.integer({ min: 1, max: 60 }), fc.integer({ min: 0, max: MOST_OFFERS }), (candidates, now, hours, made) => {
      const start = plusMs(now, hours * HOUR);
      const end = cutOff(start, 30);
      fc.pre(now < end);
      const { offers, expiresAt, wakeAt } = nextOffers(candidates, { start, cutOff: end, made }, now);
      expect(offers.every(({ zone }) => !isQuiet(now, DEFAULT_QUIET_HOURS, zone))).toBe(true);
      expect(offers.length).toBeLessThanOrEqual(Math.min(paceOf(start - now).together, MOST_OFFERS - made));
      expect(expiresAt).toBeGreaterThan(now);
      expect(expiresAt).toBeLessThanOrEqual(end);
      if (wakeAt !== null) {
        expect([offers.length, wakeAt > now && wakeAt < end]).toEqual([0, true]);
        expect(candidates.some(({ zone }) => !isQuiet(wakeAt, DEFAULT_QUIET_HOURS, zone))).toBe(true);
      } else if (offers.length === 0 && made < MOST_OFFERS) {
        // Nobody can be asked before the cut-off at all.
        for (let at: Instant = now; at < end; at = plusMs(at, 10 * MINUTE)) expect(candidates.some(({ zone }) => !isQuiet(at, DEFAULT_QUIET_HOURS, zone))).toBe(false);
      }
    }), { numRuns: 500 });
  });

  it('P15: looks again no later than the first who sleeps wakes, in whatever zone, and in a minute where somebody awake was busy', () => {
    const everywhere = [...zones, ...['Europe/London', 'Asia/Kathmandu', 'Australia/Lord_Howe', 'Pacific/Chatham'].map(parseZone)];
    fc.assert(fc.property(fc.array(candidate, { minLength: 1, maxLength: 8 }), fc.constantFrom(...everywhere), moment, (first, zone, now) => {
      const again = looksAgainAt(first, now);
      const asleep = first.every((one) => isQuiet(now, DEFAULT_QUIET_HOURS, one.zone));
      expect(again - now).toBeLessThanOrEqual(asleep ? 15 * MINUTE : MINUTE);
      expect(again).toBeGreaterThan(now);
      if (asleep && isQuiet(now, DEFAULT_QUIET_HOURS, zone)) for (let at = plusMs(now, MINUTE); at < again; at = plusMs(at, MINUTE)) expect(isQuiet(at, DEFAULT_QUIET_HOURS, zone)).toBe(true);
    }), { numRuns: 500 });
  });

  it('offers what a patient or a desk gave back, not what a provider or the house cannot keep', () => {
    expect(['pat', 'pat-swl', 'oth', 'provoke'].map(mayBeOffered)).toEqual([true, true, true, true]);
    expect(['prov', 'prov-pers', 'maint'].map(mayBeOffered)).toEqual([false, false, false]);
  });
});
