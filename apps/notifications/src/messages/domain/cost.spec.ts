import { microsOf } from './cost';

describe('what a text costs', () => {
  it.each([['-0.00790', 7_900], ['-0.0079', 7_900], ['0', 0], ['-1', 1_000_000], ['-12.5', 12_500_000], ['-0.0000019', 1]])('reads %s without rounding errors', (price, micros) => {
    expect(microsOf(price)).toBe(micros);
  });
  it.each([null, '', 'free', '1e-3', '--1'])('knows nothing of %s', (price) => {
    expect(microsOf(price)).toBeNull();
  });
});
