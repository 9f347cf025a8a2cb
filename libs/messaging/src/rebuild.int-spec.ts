import { eventually } from '@slotmesh/testing';
import { ConsumersStillRun } from './rebuild';
import { CountingBench, upTo } from './testing-processes/counting-bench';

describe('a rebuild', () => {
  let bench: CountingBench;
  beforeEach(async () => { bench = await CountingBench.set(); });
  afterEach(() => bench.clear());

  it('makes the same from the beginning, publishes nothing, and refuses while the service runs; afterwards the service goes on', async () => {
    const first = await bench.service();
    first.startRelay();
    await first.consume();
    for (let n = 1; n <= 10; n++) for (const key of ['a', 'b', 'c']) await first.tick(key, n);
    await eventually('idle', async () => (await first.effects()).size === 3 && (await first.messaging.idle.state()).idle && [...(await first.effects()).values()].flat().length === 30);

    const early = await bench.service();
    early.handle();
    await expect(early.messaging.rebuild(async () => undefined)).rejects.toThrow(ConsumersStillRun);
    await first.messaging.stop();

    const anew = await bench.service();
    let failures = 2;
    anew.handle((event) => { if (event.key === 'b' && event.data.n === 5 && failures-- > 0) throw new Error('not yet'); });
    await anew.messaging.rebuild(async (tx) => void (await tx.execute('DELETE FROM effect')));
    for (const key of ['a', 'b', 'c']) expect((await anew.effects()).get(key)).toEqual(upTo(10));
    expect(await anew.database.query(`SELECT key, last FROM event_sequence WHERE topic = 'counting.echo.v1' ORDER BY key`)).toEqual(['a', 'b', 'c'].map((key) => ({ key, last: '10' })));
    await anew.messaging.stop();

    const after = await bench.service();
    after.startRelay();
    await after.consume();
    await after.tick('a', 11);
    await eventually('it goes on', async () => (await after.effects()).get('a')?.length === 11);
  });
});
