import { rate } from './backfill';

describe('a rate', () => {
  it.each([[1, 3, 0.33], [0, 4, 0], [3, 1, 3], [null, 4, null], [4, null, null], [0, 0, null]])('%s of %s is %s', (part, whole, expected) => {
    expect(rate(part, whole)).toBe(expected);
  });
});
