import { SystemClock } from '@slotmesh/kernel';
import { UnitOfWork, createDataSource } from '@slotmesh/persistence';
import { type TestDatabase, freshDatabase } from '@slotmesh/testing';
import type { DataSource } from 'typeorm';
import type { NotificationsConfig } from '../config';
import { migrations } from '../migrations';
import { SenderPace } from './commands/sender-pace';

const RATE = 40;

describe('the pace of a sender', () => {
  let database: TestDatabase;
  let worker: DataSource;
  let work: UnitOfWork;
  beforeAll(async () => {
    database = await freshDatabase('notifications', migrations);
    worker = await createDataSource({ url: database.workerUrl, poolSize: 8, applicationName: 'pace-test' }).initialize();
    work = new UnitOfWork({ source: 'notifications', app: worker, worker, clock: new SystemClock() });
  });
  afterAll(async () => {
    await worker?.destroy();
    await database?.drop();
  });
  const pace = (timeout = 10_000): SenderPace => new SenderPace(work, { SENDER_RATE_PER_SECOND: RATE, MODE: 'sandbox', PROVIDER_TIMEOUT_MS: timeout } as NotificationsConfig);
  const after = (ms: number) => new Promise((done) => setTimeout(done, ms));

  it('P16: no second sees more texts than the rate, although two replicas send and each is held up for a while', async () => {
    const left: number[] = [];
    const replica = async (stalls: readonly [number, number]): Promise<void> => {
      const [one, begin] = [pace(), Date.now()];
      let texts = 80;
      await Promise.all(Array.from({ length: 12 }, async () => {
        while (texts-- > 0) {
          const place = await one.before('harbor');
          const age = Date.now() - begin;
          // As if the database stood still: what was on its way then comes through all at once.
          await after(age >= stalls[0] && age < stalls[1] ? stalls[1] - age : (texts * 37) % 60);
          if (await one.reached('harbor', place)) left.push(Date.now());
        }
      }));
    };
    await Promise.all([replica([500, 1_100]), replica([900, 1_500])]);
    const times = left.sort((a, b) => a - b);
    const most = Math.max(...times.map((from) => times.filter((time) => time >= from && time < from + 1_000).length));
    expect(most).toBeLessThanOrEqual(RATE);
    expect(times.length).toBeGreaterThan(100);
    // Not by standing still: more than half of the rate was used.
    expect((times.length * 1_000) / (times.at(-1)! - times[0]!)).toBeGreaterThan(RATE / 2);
  });

  it('P16: what cannot leave within the time that an intent has is given back', async () => {
    const [one, other] = [pace(40), pace()];
    for (let taken = 0; taken < 12; taken++) (await other.before('summit')).free();
    expect(await one.reached('summit', null)).toBe(false);
  });
});
