import fc from 'fast-check';
import { atRest, nextStop, offsetFor, whoIsBusy, type MemberState } from './walk';

const state = (change: Partial<MemberState> = {}): MemberState => ({ member: 'reminders', idle: true, activity: 1, nextDue: null, busy: [], ...change });

describe('the walk of the clock', () => {
  it('waits for two idle rounds without work between them', () => {
    expect(atRest(null, [state()])).toBe(false);
    expect(atRest([state()], [state()])).toBe(true);
    expect(atRest([state()], [state({ activity: 2 })])).toBe(false);
    expect(atRest([state({ idle: false })], [state()])).toBe(false);
    expect(atRest([state()], [state(), state({ idle: false })])).toBe(false);
  });

  it('stops at the next due instant before the target', () => {
    expect(nextStop([state({ nextDue: 50 }), state({ nextDue: 40 }), state()], 10, 100)).toBe(40);
    expect(nextStop([state({ nextDue: 500 })], 10, 100)).toBe(100);
    expect(nextStop([state({ nextDue: 10 })], 10, 100)).toBe(100);
  });

  it('passes every due instant in order and ends at the target', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 1000 }), { maxLength: 20 }), fc.integer({ min: 1, max: 1000 }), (dues, target) => {
        const seen: number[] = [];
        for (let now = 0; now < target; ) {
          now = nextStop(dues.filter((due) => due > now).map((nextDue) => state({ nextDue })), now, target);
          seen.push(now);
        }
        const expected = [...new Set([...dues.filter((due) => due < target), target])].sort((a, b) => a - b);
        expect(seen).toEqual(expected);
      }),
    );
  });

  it('never moves the offset back', () => {
    expect(offsetFor(1_000, 400, 0)).toBe(600);
    expect(offsetFor(1_000, 1_400, 700)).toBe(700);
  });

  it('names who is busy with what', () => {
    expect(whoIsBusy([state(), state({ member: 'notifications', idle: false, busy: ['outbox'] })])).toBe('notifications (outbox)');
  });
});
