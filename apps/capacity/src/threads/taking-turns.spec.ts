import fc from 'fast-check';
import { ThreadTimedOut } from './answer-from-thread';
import { TakingTurns, TooManyWaiting } from './taking-turns';

/** A job that ends when it is told to. */
function held<Answer>(answer: Answer): { readonly job: () => Promise<Answer>; readonly end: () => void } {
  let end = (): void => undefined;
  const ended = new Promise<void>((resolve) => { end = resolve; });
  return { job: async () => { await ended; return answer; }, end };
}

describe('long computations of many practices', () => {
  it('P21: run one at a time and take turns, so that whoever asks for one waits for no more than one of each other practice', async () => {
    await fc.assert(fc.asyncProperty(fc.array(fc.integer({ min: 0, max: 3 }), { minLength: 1, maxLength: 16 }), async (asked) => {
      const turns = new TakingTurns();
      const [order, accepted]: [number[], number[]] = [[], []];
      let running = 0;
      const first = held('first');
      const jobs = [turns.run({ practice: 'first', seconds: 60 }, first.job)];
      const open = new Map<number, number>();
      for (const practice of asked) {
        const isTooMany = (open.get(practice) ?? 0) >= 5;
        const job = turns.run({ practice: `p${practice}`, seconds: 60 }, async () => { running++; order.push(practice); await Promise.resolve(); expect(running).toBe(1); running--; return ''; });
        if (isTooMany) await expect(job).rejects.toBeInstanceOf(TooManyWaiting);
        else { open.set(practice, (open.get(practice) ?? 0) + 1); accepted.push(practice); jobs.push(job); }
      }
      first.end();
      await Promise.all(jobs);
      expect(order.toSorted()).toEqual(accepted.toSorted());
      // The nth of a practice comes when each other one had at most n.
      order.forEach((practice, at) => {
        const before = (of: number): number => order.slice(0, at).filter((one) => one === of).length;
        for (const other of new Set(accepted)) expect(before(other)).toBeLessThanOrEqual(before(practice) + 1);
      });
    }));
  });

  it('go on after one that failed, also before it had begun', async () => {
    const turns = new TakingTurns();
    const failing = [turns.run({ practice: 'summit', seconds: 60 }, () => Promise.reject(new Error('failed'))), turns.run({ practice: 'summit', seconds: 60 }, () => { throw new Error('at once'); })];
    const next = turns.run({ practice: 'summit', seconds: 60 }, () => Promise.resolve('next'));
    await expect(failing[0]).rejects.toThrow('failed');
    await expect(failing[1]).rejects.toThrow('at once');
    expect(await next).toBe('next');
  });

  it('P21: are refused by a sentence where five of the practice wait, while another practice is still heard', async () => {
    const turns = new TakingTurns();
    const first = held('first');
    const jobs = Array.from({ length: 6 }, () => turns.run({ practice: 'summit', seconds: 60 }, first.job));
    await expect(turns.run({ practice: 'summit', seconds: 60 }, first.job)).rejects.toMatchObject({ kind: 'too-many', message: expect.stringContaining('5 computations of your practice wait') });
    const other = turns.run({ practice: 'harbor', seconds: 60 }, () => Promise.resolve('heard'));
    first.end();
    expect(await other).toBe('heard');
    await Promise.all(jobs);
  });

  it('give up where their turn does not come in time, leave their place, and tell those that begin what is left of it', async () => {
    const turns = new TakingTurns();
    const first = held('first');
    const running = turns.run({ practice: 'summit', seconds: 60 }, first.job);
    let begun = 0;
    const late = Array.from({ length: 5 }, () => turns.run({ practice: 'harbor', seconds: 0.05 }, () => Promise.resolve(begun++)));
    const left = turns.run({ practice: 'desert', seconds: 60 }, (seconds) => Promise.resolve(seconds));
    expect((await Promise.allSettled(late)).map((one) => one.status === 'rejected' && one.reason instanceof ThreadTimedOut)).toEqual(new Array(5).fill(true));
    const again = turns.run({ practice: 'harbor', seconds: 60 }, () => Promise.resolve('again'));
    first.end();
    expect([await running, await again, begun]).toEqual(['first', 'again', 0]);
    expect(await left).toBeLessThan(59.96);
  });
});
