import fc from 'fast-check';
import { fitting } from './shipment';

describe('a shipment to the broker', () => {
  const row = (lane: number, bytes: number) => ({ lane, payload: 'x'.repeat(bytes) });

  it('holds at least one row, however big', () => {
    expect(fitting([row(0, 5_000), row(0, 1)], 1_000)).toHaveLength(1);
    expect(fitting([], 1_000)).toHaveLength(0);
  });
  it('P9: is a beginning of what was read, so that no row overtakes one before it, and stays below its size', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.integer({ min: 0, max: 7 }), fc.integer({ min: 0, max: 3_000 }))), fc.integer({ min: 500, max: 20_000 }), (rows, bytes) => {
        const all = rows.map(([lane, size]) => row(lane, size));
        const taken = fitting(all, bytes);
        expect(all.slice(0, taken.length)).toEqual(taken);
        if (taken.length > 1) expect(taken.reduce((sum, { payload }) => sum + payload.length + 400, 0)).toBeLessThanOrEqual(bytes);
      }),
    );
  });
});
