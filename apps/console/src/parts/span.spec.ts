import { span } from './span';

describe('a length of time in words', () => {
  it.each([[0, '0 seconds'], [1_000, '1 second'], [90_000, '1 minute 30 seconds'], [3 * 86_400_000 + 4 * 3_600_000 + 59_000, '3 days 4 hours'], [86_400_000, '1 day'], [-5, '0 seconds']])('%i ms is %s', (ms, words) => {
    expect(span(ms)).toBe(words);
  });
});
