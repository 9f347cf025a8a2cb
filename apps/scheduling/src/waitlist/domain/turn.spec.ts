import { type Instant, type WaitlistEntryId, instant } from '@slotmesh/kernel';
import fc from 'fast-check';
import { type Waiting, byTurn, urgencies } from './turn';

const waiting: fc.Arbitrary<Waiting> = fc.record({
  id: fc.uuid().map((id) => id as WaitlistEntryId), urgency: fc.constantFrom(...urgencies), addedAt: fc.integer({ min: 0, max: 5 }).map((day) => instant(day * 86_400_000)), kilometres: fc.option(fc.integer({ min: 0, max: 3 })),
});
const worse = (a: Waiting, b: Waiting): boolean => urgencies.indexOf(a.urgency) > urgencies.indexOf(b.urgency);

describe('whose turn it is', () => {
  it('P20: nobody of less urgency comes before more, and among equals nobody who waits shorter', () => {
    fc.assert(fc.property(fc.array(waiting, { maxLength: 12 }), (list) => {
      const order = [...list].sort(byTurn);
      for (const [i, first] of order.entries()) for (const later of order.slice(i + 1)) {
        expect(worse(first, later)).toBe(false);
        if (first.urgency === later.urgency) expect(first.addedAt).toBeLessThanOrEqual(later.addedAt);
      }
    }));
  });

  it('does not depend on the order in which the list was read', () => {
    fc.assert(fc.property(fc.uniqueArray(waiting, { maxLength: 8, selector: ({ id }) => id }), fc.infiniteStream(fc.double({ min: 0, max: 1, noNaN: true })), (list, dice) => {
      const shuffled = list.map((one) => ({ one, at: dice.next().value ?? 0 })).sort((a, b) => a.at - b.at).map(({ one }) => one);
      expect([...shuffled].sort(byTurn)).toEqual([...list].sort(byTurn));
    }));
  });

  it('prefers the shorter way only where urgency and wait are the same', () => {
    const at = (id: string, over: Partial<Waiting>): Waiting => ({ id: id as WaitlistEntryId, urgency: 'routine', addedAt: 0 as Instant, kilometres: null, ...over });
    expect([at('a', {}), at('b', { kilometres: 9 }), at('c', { kilometres: 2 }), at('d', { urgency: 'soon', addedAt: 9 as Instant })].sort(byTurn).map(({ id }) => id)).toEqual(['d', 'c', 'b', 'a']);
  });
});
