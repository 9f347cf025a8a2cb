import { everybodyReaches, usualBehaviour, usualRules } from './partnership';
import { dailyWork, workOf } from './simulated-work';

const partnership = (share: number, ...practices: readonly (readonly [number, number])[]) => ({ practices: everybodyReaches(practices.map(([slotsPerDay, load], p) => ({ id: `p${p}`, slotsPerDay, load }))), rules: { ...usualRules, share }, behaviour: usualBehaviour });

describe('what a simulation takes', () => {
  it('is slots a day, or requests where they are more, of each practice', () => {
    expect(dailyWork(partnership(0, [20, 0.9], [10, 1.5]))).toBeCloseTo(35, 9);
  });

  it('counts the present, what is tried, and what is tried without sharing', () => {
    expect(workOf(partnership(0, [20, 1]), [{ kind: 'add-slots', practice: 'p0', slotsPerDay: 10 }], 20)).toBeCloseTo(20 * (20 + 30), 9);
    expect(workOf(partnership(0.1, [20, 1]), [{ kind: 'demand', practice: null, factor: 2 }], 20)).toBeCloseTo(20 * (20 + 2 * 40), 9);
    expect(workOf(partnership(0, [20, 2]), null, 20)).toBeCloseTo(20 * 8 * 40, 9);
  });

  it('grows with every change that is repeated', () => {
    const one = partnership(0, [300, 3]);
    const times = <T>(n: number, change: T): T[] => new Array<T>(n).fill(change);
    expect(workOf(one, times(20, { kind: 'demand', practice: null, factor: 3 } as const), 20)).toBeGreaterThan(20 * 900 * 3 ** 20);
    expect(workOf(one, times(20, { kind: 'add-slots', practice: 'p0', slotsPerDay: 200 } as const), 200)).toBeCloseTo(200 * (900 + 4_300), 6);
  });
});
