import { type Instant, formatInstant, parseInstant, plusMs } from '@slotmesh/kernel';
import fc from 'fast-check';
import { scoringInForce, scoringNow } from './outreach-order';
import { nextTraining, trainingInstant } from './watched-model';

describe('a watched model', () => {
  it.each([['2026-11-28T08:00:00.000Z', '2026-10-01'], ['2026-11-29T08:00:00.000Z', '2026-11-01'], ['2027-01-28T23:59:00.000Z', '2026-12-01'], ['2027-01-29T00:00:00.000Z', '2027-01-01']])('at %s is the one of %s', (now, day) => {
    expect(formatInstant(trainingInstant(parseInstant(now)))).toBe(`${day}T00:00:00.000Z`);
  });

  it('P20: is followed only while somebody wants it, it is useful, and nothing has drifted', () => {
    expect([scoringInForce('on', true, false), scoringInForce('off', true, false), scoringInForce('on', false, false), scoringInForce('on', true, true)]).toEqual(['on', 'off', 'off', 'off']);
  });

  it('stays until the next one falls due, which is the very first instant of another', () => {
    fc.assert(fc.property(fc.integer({ min: parseInstant('2020-01-01T00:00:00Z'), max: parseInstant('2040-01-01T00:00:00Z') }), (ms) => {
      const now = plusMs(parseInstant('1970-01-01T00:00:00Z'), ms);
      const next: Instant = nextTraining(now);
      expect([next > now, trainingInstant(plusMs(next, -1)), trainingInstant(next) > trainingInstant(now)]).toEqual([true, trainingInstant(now), true]);
    }));
  });

  it('P20: says in words why it is not followed, and says nothing exactly where it is', () => {
    fc.assert(fc.property(fc.boolean(), fc.option(fc.record({ useful: fc.boolean() })), fc.boolean(), (wanted, model, alarm) => {
      const { scoring, why } = scoringNow(wanted, model, alarm);
      expect([scoring, why === null]).toEqual(wanted && model?.useful && !alarm ? ['on', true] : ['off', false]);
    }));
  });
});
