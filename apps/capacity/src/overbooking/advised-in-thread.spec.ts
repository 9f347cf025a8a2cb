import { AdvisedInThread } from './advised-in-thread';
import { advisedSession } from './domain/advised-session';
import { showRate } from './domain/show-rate';

const rate = showRate(0.7);
const task = (slots: number) => ({ session: { slots, slotMinutes: 20, rate: { rate, low: rate, high: rate } }, weights: { seen: 1, wait: 0, overtime: 0 }, booked: [{ band: 'none-missed' as const, rate, bookingsPerSlot: new Array<number>(slots).fill(1) }] });

describe('advice on a session', () => {
  it('of forty slots comes from a thread, while this one goes on with its work, and says the same', async () => {
    let turns = 0;
    const ticking = setInterval(() => { turns++; }, 5);
    const advised = await new AdvisedInThread().of('summit', task(40));
    clearInterval(ticking);
    expect(turns).toBeGreaterThan(5);
    expect(advised).toEqual(advisedSession(task(40)));
  });

  it('of few slots is the same', async () => {
    expect(await new AdvisedInThread().of('summit', task(8))).toEqual(advisedSession(task(8)));
  });
});
