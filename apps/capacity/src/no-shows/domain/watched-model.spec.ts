import { formatInstant, parseInstant } from '@slotmesh/kernel';
import { scoringInForce } from './outreach-order';
import { trainingInstant } from './watched-model';

describe('a watched model', () => {
  it.each([['2026-11-28T08:00:00.000Z', '2026-10-01'], ['2026-11-29T08:00:00.000Z', '2026-11-01'], ['2027-01-28T23:59:00.000Z', '2026-12-01'], ['2027-01-29T00:00:00.000Z', '2027-01-01']])('at %s is the one of %s', (now, day) => {
    expect(formatInstant(trainingInstant(parseInstant(now)))).toBe(`${day}T00:00:00.000Z`);
  });

  it('P20: is followed only while somebody wants it, it is useful, and nothing has drifted', () => {
    expect([scoringInForce('on', true, false), scoringInForce('off', true, false), scoringInForce('on', false, false), scoringInForce('on', true, true)]).toEqual(['on', 'off', 'off', 'off']);
  });
});
