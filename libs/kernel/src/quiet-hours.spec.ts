import fc from 'fast-check';
import { DAY, HOUR, MINUTE, instant, parseInstant } from './instant';
import { DEFAULT_QUIET_HOURS, type QuietHours, isQuiet, nextPermitted, nextQuietStart, previousPermitted } from './quiet-hours';
import { type LocalTime, type Zone, localTimeOf, parseZone } from './wall-time';

const zones = ['America/New_York', 'America/Denver', 'America/Phoenix', 'America/Chicago', 'America/Los_Angeles', 'America/Anchorage', 'Pacific/Honolulu', 'America/St_Johns', 'Europe/London', 'Australia/Lord_Howe', 'Asia/Kathmandu'].map(parseZone);
const time = fc.integer({ min: 0, max: 24 * 60 - 1 }).map((minute) => `${String(Math.floor(minute / 60)).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')}` as LocalTime);
const quietHours: fc.Arbitrary<QuietHours> = fc.record({ from: time, until: time });
const start = parseInstant('2026-01-01T00:00:00Z');
const anyInstant = fc.oneof(
  fc.integer({ min: 0, max: 2 * 365 * 24 * 60 }),
  // Around both changes of the year in the north, and those of Lord Howe, where the clock moves by half an hour.
  ...['2026-03-08', '2026-11-01', '2026-03-29', '2026-10-25', '2026-04-05', '2026-10-04'].map((date) => fc.integer({ min: -36 * 60, max: 36 * 60 }).map((minutes) => (Date.parse(`${date}T08:00:00Z`) - start) / MINUTE + minutes)),
).map((minute) => instant(start + minute * MINUTE));

const firstPermittedByWalking = (from: number, step: number, quiet: QuietHours, zone: Zone): number => {
  let at = from;
  while (isQuiet(instant(at), quiet, zone)) at += step;
  return at;
};

describe('quiet hours', () => {
  it('P15: the next permitted instant is the first one that walking minute by minute finds, in eleven zones and over every change of the clock', () => {
    fc.assert(fc.property(fc.constantFrom(...zones), quietHours, anyInstant, (zone, quiet, at) => {
      expect(nextPermitted(at, quiet, zone)).toBe(firstPermittedByWalking(at, MINUTE, quiet, zone));
    }), { numRuns: 1_500 });
  });

  it('P15: the previous permitted instant is permitted, not later, and within an hour of the last one that walking finds', () => {
    fc.assert(fc.property(fc.constantFrom(...zones), quietHours, anyInstant, (zone, quiet, at) => {
      const found = previousPermitted(at, quiet, zone);
      expect(isQuiet(found, quiet, zone)).toBe(false);
      expect(found).toBeLessThanOrEqual(at);
      const last = firstPermittedByWalking(at, -MINUTE, quiet, zone);
      if (found !== at) expect(last + MINUTE - found).toBeLessThanOrEqual(HOUR);
      // A clock that jumps over the only permitted minutes makes that day quiet as a whole.
      expect(at - found).toBeLessThanOrEqual(2 * DAY + HOUR);
    }), { numRuns: 1_500 });
  });

  it('P15: they begin next where walking minute by minute finds it, later than now, and never where the times are equal', () => {
    fc.assert(fc.property(fc.constantFrom(...zones), quietHours, anyInstant, (zone, quiet, at) => {
      const found = nextQuietStart(at, quiet, zone);
      let [walked, before] = [at + MINUTE, isQuiet(at, quiet, zone)];
      for (let now = isQuiet(instant(walked), quiet, zone); walked < at + 2 * DAY && (before || !now); now = isQuiet(instant(walked), quiet, zone)) [walked, before] = [walked + MINUTE, now];
      expect(found).toBe(quiet.from === quiet.until ? null : walked < at + 2 * DAY ? walked : found);
      expect(found === null || found > at).toBe(true);
    }), { numRuns: 150 });
  });

  it('reads over midnight, keeps both readings of an hour that occurs twice, and equal times are never quiet', () => {
    const zone = parseZone('America/New_York');
    expect(isQuiet(parseInstant('2026-07-01T21:00:00-04:00'), DEFAULT_QUIET_HOURS, zone)).toBe(true);
    expect(isQuiet(parseInstant('2026-07-01T07:59:00-04:00'), DEFAULT_QUIET_HOURS, zone)).toBe(true);
    expect(isQuiet(parseInstant('2026-07-01T08:00:00-04:00'), DEFAULT_QUIET_HOURS, zone)).toBe(false);
    const twice: QuietHours = { from: '01:00' as LocalTime, until: '02:00' as LocalTime };
    expect([0, 1].map((hours) => isQuiet(instant(parseInstant('2026-11-01T01:30:00-04:00') + hours * HOUR), twice, zone))).toEqual([true, true]);
    expect(isQuiet(start, { from: '09:00' as LocalTime, until: '09:00' as LocalTime }, zone)).toBe(false);
  });

  it('ends at the jump where quiet hours end within the hour that does not exist', () => {
    const zone = parseZone('America/New_York');
    const found = nextPermitted(parseInstant('2026-03-08T01:00:00-05:00'), { from: '22:00' as LocalTime, until: '02:30' as LocalTime }, zone);
    expect(localTimeOf(found, zone)).toBe('03:00');
  });

  it('goes to the day before, or after, where the clock jumps over the only minute that is permitted', () => {
    const zone = parseZone('America/New_York');
    const almostAlways: QuietHours = { from: '02:01' as LocalTime, until: '02:00' as LocalTime };
    const morning = parseInstant('2026-03-08T05:01:00-04:00');
    expect(previousPermitted(morning, almostAlways, zone)).toBe(parseInstant('2026-03-07T02:00:00-05:00'));
    expect(nextPermitted(parseInstant('2026-03-07T05:01:00-05:00'), almostAlways, zone)).toBe(parseInstant('2026-03-09T02:00:00-04:00'));
  });
});
