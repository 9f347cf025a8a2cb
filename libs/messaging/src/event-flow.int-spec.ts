import { type Statement, type Tx, eventOf, workerFor } from '@slotmesh/persistence';
import { eventually } from '@slotmesh/testing';
import { CountingBench, upTo } from './testing-processes/counting-bench';
import { type CountingService, HOST } from './testing-processes/counting-service';
import { Ticked, Tocked } from './testing-processes/ticks';

const write = (tx: Tx, statement: Statement | null) => tx.execute(statement?.text ?? '', statement?.values);

describe('events from a commit to a handler', () => {
  let bench: CountingBench;
  beforeEach(async () => { bench = await CountingBench.set(); });
  afterEach(() => bench.clear());

  const started = async (): Promise<CountingService> => {
    const counting = await bench.service();
    counting.startRelay();
    await counting.consume();
    return counting;
  };
  const handled = (counting: CountingService, total: number) => eventually(`${total} effects`, async () => [...(await counting.effects()).values()].flat().length >= total);

  it('P9: brings every committed event to its handler, in order per key, as the tenant of its host', async () => {
    const counting = await started();
    const keys = ['a', 'b', 'c', 'd', 'e'];
    for (let n = 1; n <= 20; n++) await Promise.all(keys.map((key) => counting.tick(key, n)));
    await handled(counting, 100);
    await eventually('idle', async () => (await counting.messaging.idle.state()).idle);
    const effects = await counting.effects();
    for (const key of keys) expect(effects.get(key)).toEqual(upTo(20));
    expect(await counting.database.query('SELECT DISTINCT tenant FROM effect')).toEqual([{ tenant: 'harbor' }]);
  });

  it('P9: loses no event of a transaction that commits later than one with higher outbox ids', async () => {
    const counting = await started();
    let commit: () => void = () => undefined;
    let written: () => void = () => undefined;
    const isWritten = new Promise<void>((resolve) => { written = resolve; });
    const mayCommit = new Promise<void>((resolve) => { commit = resolve; });
    const late = counting.work.run(workerFor('counting', HOST), async (tx) => {
      tx.outbox.add(eventOf(Ticked, { key: 'late', host: HOST }, { n: 1 }));
      await write(tx, tx.outbox.take('counting', tx.now, null));
      written();
      await mayCommit;
    });
    await isWritten;
    for (let n = 1; n <= 10; n++) await counting.tick('early', n);
    await handled(counting, 10);
    commit();
    await late;
    await handled(counting, 11);
    expect((await counting.effects()).get('late')).toEqual([1]);
  });

  it('P9: publishes nothing of a transaction that was rolled back, and leaves no hole in the sequence', async () => {
    const counting = await started();
    await counting.tick('a', 1);
    const refused = counting.work.run(workerFor('counting', HOST), async (tx: Tx) => {
      tx.outbox.add(eventOf(Ticked, { key: 'a', host: HOST }, { n: 99 }));
      await write(tx, tx.outbox.take('counting', tx.now, null));
      throw new Error('refused');
    });
    await expect(refused).rejects.toThrow('refused');
    await counting.tick('a', 2);
    await handled(counting, 2);
    expect((await counting.effects()).get('a')).toEqual([1, 2]);
  });

  it('P10: gives a record that comes twice the effect of once', async () => {
    const counting = await started();
    const raw = await bench.raw();
    for (const sequence of [1, 1, 2, 3, 2, 1, 3, 4, 4, 5]) await raw.send('twice', sequence);
    await handled(counting, 5);
    await eventually('idle', async () => (await counting.messaging.idle.state()).idle);
    expect((await counting.effects()).get('twice')).toEqual(upTo(5));
    const echoes: { n: string }[] = await counting.database.query(`SELECT last AS n FROM event_sequence WHERE topic = 'counting.echo.v1'`);
    expect(echoes).toEqual([{ n: '5' }]);
  });

  it('P9: goes past events that nobody handles', async () => {
    const counting = await started();
    await counting.work.run(workerFor('counting', HOST), async (tx) => {
      tx.outbox.add(eventOf(Tocked, { key: 'a', host: HOST }, { n: 1 }), eventOf(Ticked, { key: 'a', host: HOST }, { n: 2 }), eventOf(Tocked, { key: 'a', host: HOST }, { n: 3 }), eventOf(Ticked, { key: 'a', host: HOST }, { n: 4 }));
    });
    await handled(counting, 2);
    expect((await counting.effects()).get('a')).toEqual([2, 4]);
  });

  it('P9 P10: keeps order and effect when a second consumer joins and leaves in the middle of the stream', async () => {
    const first = await started();
    const keys = upTo(12).map((n) => `key-${n}`);
    const publish = (async () => {
      for (let n = 1; n <= 60; n++) await Promise.all(keys.map((key) => first.tick(key, n)));
    })();
    await handled(first, 50);
    const second = await bench.service();
    let tookPart = false;
    await second.consume(() => { tookPart = true; });
    await eventually('the second takes part', () => tookPart);
    await second.close();
    await publish;
    await handled(first, 12 * 60);
    await eventually('idle', async () => (await first.messaging.idle.state()).idle);
    const effects = await first.effects();
    for (const key of keys) expect(effects.get(key)).toEqual(upTo(60));
  });

  it('P9: two relays on one outbox share its lanes, and one takes over when the other ends', async () => {
    const first = await started();
    const second = await bench.service({ role: 'api' });
    second.startRelay();
    for (let n = 1; n <= 30; n++) await Promise.all(['a', 'b', 'c'].map((key) => (n % 2 ? first : second).tick(key, n)));
    await handled(first, 90);
    await first.messaging.stop();
    await second.tick('a', 31);
    await eventually('the outbox is empty', async () => (await second.messaging.idle.state()).idle);
    const effects = await second.effects();
    for (const key of ['a', 'b', 'c']) expect(effects.get(key)).toEqual(upTo(30));
  });
});
