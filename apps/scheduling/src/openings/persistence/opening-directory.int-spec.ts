import { randomBytes } from 'node:crypto';
import { SystemClock, type PracticeId } from '@slotmesh/kernel';
import { type Actor, UnitOfWork, createDataSource } from '@slotmesh/persistence';
import { type TestDatabase, freshDatabase } from '@slotmesh/testing';
import { Client } from 'pg';
import type { DataSource } from 'typeorm';
import { migrations } from '../../migrations';
import { PatientVault } from '../../patients/patient-vault';
import { seedSample } from '../../seed/seed-sample';
import { CalendarRepository } from './calendar.repository';
import { OfferingRepository } from './offering.repository';
import { OpeningDirectory } from './opening-directory';

const harbor = 'harbor' as PracticeId;
const desk: Actor = { kind: 'staff', practice: harbor, subject: 'desk' };

describe('the directory of openings that searches keep', () => {
  let database: TestDatabase;
  let admin: Client;
  let app: DataSource;
  let worker: DataSource;
  let work: UnitOfWork;
  const replicas = [1, 2].map(() => new OpeningDirectory(new OfferingRepository(), new CalendarRepository()));

  beforeAll(async () => {
    database = await freshDatabase('scheduling', migrations);
    [app, worker] = await Promise.all([database.appUrl, database.workerUrl].map((url) => createDataSource({ url, poolSize: 2, applicationName: 'directory-test' }).initialize())) as [DataSource, DataSource];
    work = new UnitOfWork({ source: 'scheduling', app, worker, clock: new SystemClock() });
    await seedSample(new UnitOfWork({ source: 'scheduling', app: worker, worker, clock: new SystemClock() }), new PatientVault(randomBytes(32), randomBytes(32)));
    admin = new Client({ connectionString: database.adminUrl });
    await admin.connect();
  });
  afterAll(async () => {
    await Promise.all([admin?.end(), app?.destroy(), worker?.destroy()]);
    await database?.drop();
  });

  const names = (): Promise<string[][]> => Promise.all(replicas.map(async (replica) => {
    const offered = await work.run(desk, (tx) => replica.matching(tx, { practice: harbor }, tx.now));
    return [...new Set(offered.map(({ offering }) => offering.providerName))].sort();
  }));

  it('P5: is as the tables are for the next search on every replica, whoever changed them', async () => {
    const [before] = await names();
    expect(before!.length).toBeGreaterThan(0);
    await admin.query(`UPDATE provider SET name = 'Renamed ' || name WHERE practice_id = 'harbor'`);
    const renamed = before!.map((name) => `Renamed ${name}`).sort();
    expect(await names()).toEqual([renamed, renamed]);
    await admin.query(`DELETE FROM availability WHERE practice_id = 'harbor' AND provider_id = (SELECT min(id::text)::uuid FROM provider WHERE practice_id = 'harbor')`);
    const fresh = await work.run(desk, (tx) => new OfferingRepository().find(tx, { practice: harbor }, tx.now));
    const left = [...new Set(fresh.map(({ providerName }) => providerName))].sort();
    expect(await names()).toEqual([left, left]);
  });

  it('P5: what a transaction changed and took back is in no later search', async () => {
    const before = await names();
    const changed = work.run(desk, async (tx) => {
      await tx.execute(`UPDATE provider SET name = 'Never' WHERE practice_id = 'harbor'`);
      const offered = await replicas[0]!.matching(tx, { practice: harbor }, tx.now);
      expect(new Set(offered.map(({ offering }) => offering.providerName))).toEqual(new Set(['Never']));
      throw new Error('taken back');
    });
    await expect(changed).rejects.toThrow('taken back');
    expect(await names()).toEqual(before);
  });
});
