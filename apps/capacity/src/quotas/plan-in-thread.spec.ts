import { sampleQuotas } from './domain/sample-quotas';
import { planInThread } from './plan-in-thread';

describe('a quota plan in a thread of its own', () => {
  it('comes from the solver while this thread goes on with its work', async () => {
    let turns = 0;
    const ticking = setInterval(() => { turns++; }, 5);
    const solution = await planInThread(sampleQuotas({ practices: 8, weeks: 12, services: 4, seed: 5 }), 60);
    clearInterval(ticking);
    expect(solution).toMatchObject({ version: 1, method: 'linear-programme', whyGreedy: null });
    expect(turns).toBeGreaterThan(5);
  });

  it('is made slot by slot where the solver may take no time, and where the thread breaks', async () => {
    const inputs = sampleQuotas({ practices: 3, weeks: 4, services: 2, seed: 5 });
    expect(await planInThread(inputs, 0)).toMatchObject({ method: 'greedy', whyGreedy: 'time-limit' });
    let turns = 0;
    const ticking = setInterval(() => { turns++; }, 5);
    expect(await planInThread(inputs, -1)).toMatchObject({ method: 'greedy', whyGreedy: 'solver-failed' });
    clearInterval(ticking);
    expect(turns).toBeGreaterThan(5);
  });
});
