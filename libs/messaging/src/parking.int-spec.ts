import { InfrastructureError } from '@slotmesh/kernel';
import { eventually } from '@slotmesh/testing';
import { Client } from 'pg';
import { register } from 'prom-client';
import { CountingBench, upTo } from './testing-processes/counting-bench';
import type { CountingService } from './testing-processes/counting-service';

interface Parked { readonly key: string; readonly sequence: string; readonly state: string; readonly reason: string; readonly attempts: number }

describe('records that cannot be handled', () => {
  let bench: CountingBench;
  beforeEach(async () => { bench = await CountingBench.set(); });
  afterEach(() => bench.clear());

  const parkedOf = (counting: CountingService): Promise<Parked[]> => counting.database.query('SELECT key, sequence, state, reason, attempts FROM parked_event ORDER BY key, sequence');
  const effectsOf = async (counting: CountingService, key: string): Promise<number[]> => (await counting.effects()).get(key) ?? [];
  const outcome = async (name: string): Promise<number> => {
    const metric = await register.getSingleMetric('consumer_records_total')?.get();
    return metric?.values.find(({ labels }) => labels['outcome'] === name && labels['consumer'] === 'counting')?.value ?? 0;
  };

  it('P11: parks the key of a failing record and nothing else, then tries again in order until it succeeds', async () => {
    const counting = await bench.service();
    let broken = true;
    counting.startRelay();
    await counting.consume((event) => {
      if (broken && event.key === 'bad' && event.data.n === 3) throw new Error('reference data has not come');
    });
    for (let n = 1; n <= 6; n++) for (const key of ['bad', 'good']) await counting.tick(key, n);
    await eventually('the good key is done', async () => (await effectsOf(counting, 'good')).length === 6);
    await eventually('what stands behind is parked', async () => (await parkedOf(counting)).length === 4);
    expect(await effectsOf(counting, 'bad')).toEqual([1, 2]);
    expect((await parkedOf(counting)).map(({ key, sequence, state }) => [key, Number(sequence), state])).toEqual([3, 4, 5, 6].map((sequence) => ['bad', sequence, 'waiting']));
    broken = false;
    await eventually('the park is empty', async () => (await parkedOf(counting)).length === 0);
    expect(await effectsOf(counting, 'bad')).toEqual(upTo(6));
    await counting.tick('bad', 7);
    await eventually('the key flows again', async () => (await effectsOf(counting, 'bad')).length === 7);
  });

  it('P10 P11: undoes everything a failed attempt did, what it published included', async () => {
    const counting = await bench.service();
    let attempts = 0;
    await counting.consume(async (event, tx) => {
      await counting.record(tx, 'half done', event.key, event.data.n);
      if (++attempts < 3) throw new Error('not yet');
    });
    counting.startRelay();
    await counting.tick('a', 1);
    await eventually('it succeeds', async () => (await effectsOf(counting, 'a')).length === 2);
    expect(await counting.database.query(`SELECT count(*)::int AS n FROM effect WHERE topic = 'half done'`)).toEqual([{ n: 1 }]);
    expect(await counting.database.query(`SELECT last FROM event_sequence WHERE topic = 'counting.echo.v1'`)).toEqual([{ last: '1' }]);
  });

  it('P11: keeps the effect of those before a failing record of the same batch', async () => {
    const counting = await bench.service({ options: { retry: { attempts: 1 } } });
    counting.startRelay();
    await counting.tick('a', 1, 2, 3, 4, 5);
    await eventually('all are in Kafka', async () => (await counting.database.query('SELECT 1 FROM outbox')).length === 0);
    await counting.consume((event) => { if (event.data.n === 4) throw new Error('never'); });
    await eventually('the fourth is dead', async () => (await parkedOf(counting)).some(({ state }) => state === 'dead'));
    expect(await effectsOf(counting, 'a')).toEqual([1, 2, 3]);
  });

  it('P11: leaves a record for a person after its last attempt', async () => {
    const counting = await bench.service({ options: { retry: { pollMs: 20, firstMs: 5, maxMs: 10, attempts: 3 } } });
    counting.startRelay();
    await counting.consume(() => { throw new Error('never'); });
    await counting.tick('a', 1);
    const [dead] = await eventually('it is dead', async () => { const rows = await parkedOf(counting); return rows[0]?.state === 'dead' && rows; });
    expect(dead).toMatchObject({ attempts: 3, reason: 'Error: never' });
    expect((await counting.messaging.idle.state()).idle).toBe(true);
  });

  it('P11: buries at once what cannot be read, beside or in the order of its key, and stops no other key', async () => {
    const counting = await bench.service();
    const raw = await bench.raw();
    await counting.consume();
    await raw.send('a', 1);
    await raw.send('a', 2, { value: 'no json' });
    await raw.send('a', 3);
    await raw.send('b', 1, { value: JSON.stringify({ n: 'Maria' }) });
    await raw.send('c', 1, { headers: { ce_sequence: 'first' } });
    await raw.send('c', 1);
    await raw.send(null, 1);
    await raw.send('d', 1, { value: null });
    await raw.send('e', 1);
    await eventually('the readable are handled', async () => (await effectsOf(counting, 'c')).length === 1 && (await effectsOf(counting, 'e')).length === 1);
    const rows = await eventually('the others are parked', async () => { const found = await parkedOf(counting); return found.length === 6 && found; });
    expect(await effectsOf(counting, 'a')).toEqual([1]);
    expect(rows.map(({ key, state, reason }) => [key.replace(/\d+/, 'N'), state, reason])).toEqual([
      ['a', 'dead', 'undecodable: the value is no JSON'],
      ['a', 'waiting', 'behind a parked record of its key'],
      ['b', 'dead', 'contract: n invalid_type'],
      ['c', 'dead', 'undecodable: ce_sequence is no positive number'],
      ['d', 'dead', 'undecodable: has no value'],
      ['partition N', 'dead', 'undecodable: has no key'],
    ]);
  });

  it('P11: parks and alarms where a record is missing, and goes on when it comes', async () => {
    const counting = await bench.service();
    const raw = await bench.raw();
    const alarms = await outcome('gap');
    await counting.consume();
    for (const sequence of [1, 3, 4, 6]) await raw.send('a', sequence);
    await eventually('the rest is parked', async () => (await parkedOf(counting)).length === 3);
    expect(await effectsOf(counting, 'a')).toEqual([1]);
    expect((await parkedOf(counting)).map(({ reason }) => reason)).toEqual(['gap: 2 has not come', 'behind a parked record of its key', 'gap: 2 has not come']);
    expect((await outcome('gap')) - alarms).toBe(2);
    await raw.send('a', 2);
    await eventually('it goes on to the next gap', async () => (await effectsOf(counting, 'a')).length === 4);
    expect((await parkedOf(counting)).map(({ sequence }) => Number(sequence))).toEqual([6]);
    await raw.send('a', 5);
    await eventually('nothing is parked', async () => (await parkedOf(counting)).length === 0);
    expect(await effectsOf(counting, 'a')).toEqual(upTo(6));
  });

  it('P11: parks nothing while infrastructure is away; the partition waits and goes on', async () => {
    const counting = await bench.service({ options: { consumer: { pauseMs: 100 } } });
    counting.startRelay();
    let refusals = 3;
    await counting.consume(() => { if (refusals-- > 0) throw new InfrastructureError('something does not answer'); });
    await counting.tick('a', 1, 2, 3);
    await eventually('all are handled', async () => (await effectsOf(counting, 'a')).length === 3);
    expect(await parkedOf(counting)).toEqual([]);
  });

  it('P9 P11: outlives a database that goes away in the middle of the stream', async () => {
    const counting = await bench.service({ options: { consumer: { pauseMs: 100 } } });
    counting.startRelay();
    await counting.consume();
    const keys = upTo(8).map((n) => `key-${n}`);
    for (let n = 1; n <= 10; n++) for (const key of keys) await counting.tick(key, n);
    const admin = new Client({ connectionString: bench.database.adminUrl });
    await admin.connect();
    await admin.query(`ALTER DATABASE ${bench.database.name} CONNECTION LIMIT 0`);
    await admin.query('SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()');
    await expect(counting.tick('key-1', 11)).rejects.toThrow(InfrastructureError);
    await admin.query(`ALTER DATABASE ${bench.database.name} CONNECTION LIMIT -1`);
    await admin.end();
    for (const key of keys) await counting.tick(key, 11);
    await eventually('all are handled', async () => [...(await counting.effects()).values()].flat().length === 88);
    for (const key of keys) expect(await effectsOf(counting, key)).toEqual(upTo(11));
    expect(await parkedOf(counting)).toEqual([]);
  });
});
