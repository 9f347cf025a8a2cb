import { DAY } from '@slotmesh/kernel';
import { pauseAfter } from './retry-times';

it('tries ten times over a little more than the three days after which a subscription is disabled', () => {
  const pauses = Array.from({ length: 9 }, (_, index) => pauseAfter(index + 1, 0)!);
  expect([...pauses].sort((a, b) => a - b)).toEqual(pauses);
  expect(pauseAfter(10)).toBeNull();
  const total = pauses.reduce((sum, pause) => sum + pause, 0);
  expect(total).toBeGreaterThan(3 * DAY);
  expect(total * 1.1).toBeLessThan(4 * DAY);
});
