import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
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

  it('P10: waits for a process that was killed, of which the broker still thinks that it reads', async () => {
    const teller = await bench.service({ role: 'api' });
    teller.startRelay();
    await teller.tick('a', 1);
    const root = join(__dirname, '../../..');
    const killed = spawn(process.execPath, ['--require', join(root, 'tools/typescript/register.cjs'), join(__dirname, 'testing-processes/counting-process.ts')], {
      cwd: root, stdio: 'inherit',
      env: { PATH: process.env['PATH'], COUNTING_PART: 'consumer', COUNTING_SERVICE: 'counting', COUNTING_DATABASE: bench.database.workerUrl, COUNTING_BROKERS: bench.topics.brokers.join(','), COUNTING_PREFIX: bench.topics.prefix },
    });
    await eventually('it has read', async () => (await teller.effects()).get('a')?.length === 1, 60);
    killed.kill('SIGKILL');
    await once(killed, 'exit');

    const anew = await bench.service();
    anew.handle();
    await anew.messaging.rebuild(async (tx) => void (await tx.execute('DELETE FROM effect')));
    expect((await anew.effects()).get('a')).toEqual([1]);
  });
});
