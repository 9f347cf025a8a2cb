import { DAY, type Instant, type PracticeId, plusMs } from '@slotmesh/kernel';
import fc from 'fast-check';
import { type DisputeOutcome, type DisputeStep, afterStep, firstDue, isOverdue, nextStepOf, requireClosing } from './dispute';

const [opener, against] = ['harbor' as PracticeId, 'summit' as PracticeId];
const openedAt = Date.UTC(2026, 10, 23) as Instant;
const steps: readonly DisputeStep[] = ['answer', 'meet', 'mediate'];
const begun = { state: 'open' as ReturnType<typeof afterStep>['state'], opener, against, openedAt, dueAt: firstDue(openedAt) as Instant | null };

describe('the course of a dispute', () => {
  it('takes each step once and in its order, whoever tries what, and every next one is due later', () => {
    fc.assert(fc.property(fc.array(fc.tuple(fc.constantFrom(...steps), fc.constantFrom(opener, against)), { maxLength: 30 }), (tried) => {
      let dispute = begun;
      const done: DisputeStep[] = [];
      for (const [step, by] of tried) {
        try {
          const after = afterStep(dispute, step, by);
          if (after.dueAt !== null) expect(after.dueAt).toBeGreaterThan(dispute.dueAt!);
          dispute = { ...dispute, ...after };
          done.push(step);
        } catch {
          expect(nextStepOf(dispute.state) !== step || (step === 'answer' && by === opener)).toBe(true);
        }
      }
      expect(done).toEqual(steps.slice(0, done.length));
      expect(dispute.dueAt === null).toBe(dispute.state === 'mediated');
    }));
  });

  it('has ten days for the answer, twenty for the meeting, forty-five for the mediation, from its opening', () => {
    const answered = { ...begun, ...afterStep(begun, 'answer', against) };
    const met = { ...answered, ...afterStep(answered, 'meet', opener) };
    expect([begun, answered, met].map(({ dueAt }) => (dueAt! - openedAt) / DAY)).toEqual([10, 20, 45]);
    expect([isOverdue(begun, plusMs(openedAt, 10 * DAY - 1)), isOverdue(begun, plusMs(openedAt, 10 * DAY))]).toEqual([false, true]);
  });

  it('is withdrawn by its opener alone, and goes outside only after a meeting or a step that is overdue', () => {
    const closing = (dispute: typeof begun, outcome: DisputeOutcome, by: PracticeId, days: number) => (): void => requireClosing(dispute, outcome, by, plusMs(openedAt, days * DAY));
    expect(closing(begun, 'withdrawn', against, 1)).toThrow('done by harbor');
    expect(closing(begun, 'withdrawn', opener, 1)).not.toThrow();
    expect(closing(begun, 'outside', opener, 9)).toThrow('Meet first');
    expect(closing(begun, 'outside', opener, 10)).not.toThrow();
    expect(closing({ ...begun, state: 'met', dueAt: plusMs(openedAt, 45 * DAY) }, 'outside', against, 1)).not.toThrow();
    expect(closing({ ...begun, state: 'closed', dueAt: null }, 'agreed', against, 1)).toThrow('is closed');
  });
});
