import fc from 'fast-check';
import { backoffMs, decide, isContiguous } from './sequence';

describe('the inbox rule', () => {
  it('P10: takes what is handled, discarded or parked already for a duplicate', () => {
    expect(decide(3, { last: 3, parked: new Set() })).toBe('duplicate');
    expect(decide(1, { last: 3, parked: new Set() })).toBe('duplicate');
    expect(decide(5, { last: 3, parked: new Set([4, 5]) })).toBe('duplicate');
  });
  it('P9: runs only the next', () => {
    expect(decide(1, { last: 0, parked: new Set() })).toBe('run');
    expect(decide(4, { last: 3, parked: new Set() })).toBe('run');
  });
  it('P11: parks behind a parked predecessor, and calls anything else a gap', () => {
    expect(decide(5, { last: 3, parked: new Set([4]) })).toBe('behind');
    expect(decide(6, { last: 3, parked: new Set([4]) })).toBe('gap');
    expect(decide(5, { last: 3, parked: new Set() })).toBe('gap');
  });

  it('P9 P10: whatever arrives in whatever order and number, each sequence takes effect once and in order', () => {
    const arrivals = fc.array(fc.integer({ min: 1, max: 12 }), { maxLength: 60 });
    fc.assert(
      fc.property(arrivals, (sequences) => {
        let last = 0;
        const parked = new Set<number>();
        const effects: number[] = [];
        const advance = (): void => {
          last++;
          parked.delete(last);
          effects.push(last);
        };
        for (const sequence of [...sequences, ...Array.from({ length: 12 }, (_, index) => index + 1)]) {
          const decision = decide(sequence, { last, parked });
          if (decision === 'run') advance();
          else if (decision !== 'duplicate') parked.add(sequence);
          while (parked.has(last + 1)) advance();
        }
        expect(effects).toEqual(Array.from({ length: 12 }, (_, index) => index + 1));
        expect(parked.size).toBe(0);
      }),
    );
  });

  it('takes only records that follow each other in one transaction', () => {
    expect(isContiguous([4, 5, 6])).toBe(true);
    expect(isContiguous([4, 6])).toBe(false);
    expect(isContiguous([4, 4])).toBe(false);
  });

  it('pauses longer after each failure, up to a limit', () => {
    expect(backoffMs(1, 100, 5_000, 0.5)).toBe(100);
    expect(backoffMs(4, 100, 5_000, 0.5)).toBe(800);
    expect(backoffMs(400, 100, 5_000, 0.5)).toBe(5_000);
    fc.assert(fc.property(fc.integer({ min: 1, max: 100 }), fc.double({ min: 0, max: 1, noNaN: true }), (attempts, random) => backoffMs(attempts, 100, 5_000, random) <= 5_500));
  });
});
