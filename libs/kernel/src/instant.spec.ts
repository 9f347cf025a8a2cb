import fc from 'fast-check';
import { FIRST_INSTANT, LAST_INSTANT, formatInstant, instant, parseInstant, plusMinutes, plusMs } from './instant';

describe('instant', () => {
  it('is written as RFC 3339 in UTC with milliseconds and read back the same', () => {
    fc.assert(fc.property(fc.integer({ min: FIRST_INSTANT, max: LAST_INSTANT - 1 }), (ms) => expect(parseInstant(formatInstant(instant(ms)))).toBe(ms)));
  });

  it('reads any offset, any case and any fraction', () => {
    const at = Date.UTC(2026, 10, 23, 18, 0);
    for (const text of ['2026-11-23T18:00:00Z', '2026-11-23t13:00:00-05:00', '2026-11-24T04:30:00.000+10:30', '2026-11-23T18:00:00.000000z', '2026-11-23T18:00Z']) expect([text, parseInstant(text)]).toEqual([text, at]);
  });

  it('refuses a text without an offset, a date that does not exist, and whatever only looks like a date', () => {
    for (const text of [
      '2026-11-23T18:00:00', '2026-11-23', '2026-02-30T10:00:00Z', '2026-02-29T10:00:00Z', '2026-04-31T00:00:00-05:00', '2026-13-01T00:00:00Z', '2026-11-23T25:00:00Z', '2026-11-23T24:00:01Z', '2026-11-23T12:60:00Z',
      '9999-12-31T15:00:00Z', '2200-01-01T00:00:00Z', '0001-01-01T00:00:00Z', 'Mon, 23 Nov 2026 18:00:00 Z', '5 Z', 'tomorrow Z', '2026-11-23 18:00:00 +0000 x', '2026-11-23T18:00:00+25:00', '', 'Z',
    ]) expect([text, readable(text)]).toEqual([text, false]);
  });

  it('moves by milliseconds and minutes', () => expect([plusMs(instant(5), -5), plusMinutes(instant(0), 2)]).toEqual([0, 120_000]));
});

function readable(text: string): boolean {
  try {
    parseInstant(text);
    return true;
  } catch (error) {
    expect(error).toBeInstanceOf(RangeError);
    return false;
  }
}
