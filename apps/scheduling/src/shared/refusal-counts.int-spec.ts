import { HOUR, MINUTE, MovableClock, type PracticeId } from '@slotmesh/kernel';
import { type Actor, UnitOfWork, createDataSource } from '@slotmesh/persistence';
import { type TestDatabase, freshDatabase } from '@slotmesh/testing';
import { Client } from 'pg';
import type { DataSource } from 'typeorm';
import { migrations } from '../migrations';
import { RefusalCounts, type RefusalLimit } from './refusal-counts';

const limit: RefusalLimit = { kind: 'overlap', perHour: 10 };
const desk = (subject: string, practice = 'harbor'): Actor => ({ kind: 'staff', practice: practice as PracticeId, subject });

describe('refusals of the last hour', () => {
  const counts = new RefusalCounts();
  const clock = new MovableClock();
  let database: TestDatabase;
  let sources: DataSource[];
  /** As many processes on one database. */
  let processes: UnitOfWork[];

  beforeAll(async () => {
    database = await freshDatabase('scheduling', migrations);
    sources = await Promise.all([1, 2, 3].map(() => createDataSource({ url: database.appUrl, poolSize: 8, applicationName: 'refusals-test' }).initialize()));
    processes = sources.map((app) => new UnitOfWork({ source: 'scheduling', app, worker: app, clock }));
    const admin = new Client({ connectionString: database.adminUrl });
    await admin.connect();
    await admin.query(`INSERT INTO practice (id, name, zone, phone, email, sender_number) SELECT id, id, 'America/New_York', '+16175550190', id || '@example.com', id FROM unnest('{harbor,summit}'::text[]) AS id`);
    await admin.end();
  });
  afterAll(async () => {
    await Promise.all(sources.map((source) => source.destroy()));
    await database.drop();
  });

  const add = (process: number, actor: Actor, refusals = 1): Promise<boolean> => processes[process % 3]!.run(actor, (tx) => counts.add(tx, limit, refusals));
  const isStopped = (process: number, actor: Actor): Promise<boolean> => processes[process % 3]!.run(actor, (tx) => counts.isStopped(tx, limit));
  const later = (ms: number): void => void clock.moveTo(clock.offset + ms);

  it('P8: of 60 at once in three processes exactly as many count as the limit lets pass; other desks and practices are not stopped', async () => {
    const counted = await Promise.all(Array.from({ length: 60 }, (_, index) => add(index, desk('busy'))));
    expect(counted.filter(Boolean)).toHaveLength(10);
    for (const process of [0, 1, 2]) expect(await isStopped(process, desk('busy'))).toBe(true);
    expect([await isStopped(0, desk('other')), await isStopped(0, desk('busy', 'summit')), await add(1, desk('busy', 'summit'))]).toEqual([false, false, true]);
  });

  it('P8: each counts for an hour of domain time, and one answer with many is counted whole', async () => {
    const actor = desk('patient');
    expect(await add(0, actor, 7)).toBe(true);
    later(30 * MINUTE);
    expect([await add(1, actor, 2), await isStopped(2, actor), await add(0, actor, 52), await isStopped(1, actor), await add(2, actor)]).toEqual([true, false, true, true, false]);
    later(HOUR - MINUTE);
    expect(await isStopped(0, actor)).toBe(true);
    later(MINUTE);
    expect([await isStopped(0, actor), await add(1, actor), await isStopped(2, actor)]).toEqual([false, true, false]);
    for (let n = 0; n < 9; n += 1) expect(await add(n, actor)).toBe(true);
    expect(await add(0, actor)).toBe(false);
  });

  it('P8: who takes the lock is looked at alone: what it tells is counted before another process tries', async () => {
    let within = 0;
    const told = await Promise.all(Array.from({ length: 24 }, (_, index) => processes[index % 3]!.run(desk('reader'), async (tx) => {
      if (await counts.lock(tx, limit)) return false;
      within += 1;
      expect(within).toBe(1);
      const counted = await counts.add(tx, limit);
      within -= 1;
      return counted;
    })));
    expect(told.filter(Boolean)).toHaveLength(10);
  });
});
