import { DAY, type LocalDate, formatInstant, parseInstant, plusMs } from '@slotmesh/kernel';
import { USUAL_WAIT, waitsUntil } from './waiting-time';

describe('how long somebody waits', () => {
  const now = parseInstant('2026-12-01T12:00:00Z');

  it('is what the desk says, else half a year, and never longer than the latest date that would do', () => {
    expect(waitsUntil(null, null, now)).toBe(plusMs(now, USUAL_WAIT));
    expect(waitsUntil(plusMs(now, DAY), null, now)).toBe(plusMs(now, DAY));
    expect(formatInstant(waitsUntil(null, '2026-12-03' as LocalDate, now))).toBe('2026-12-04T12:00:00.000Z');
    expect(waitsUntil(plusMs(now, DAY), '2026-12-24' as LocalDate, now)).toBe(plusMs(now, DAY));
  });
});
