import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { eventually } from '@slotmesh/testing';
import { Client } from 'pg';
import { RunningReminders } from './running-reminders';

const program = join(__dirname, '../../../dist/apps/reminders/src/main.js');
const VISITS = 300;
const KILLS = 2;

describe('reminders that is killed', () => {
  let reminders: RunningReminders;
  let database: Client;
  let service: ChildProcess | null = null;

  beforeAll(async () => {
    if (!existsSync(program)) throw new Error('build first: npx nx run reminders:build (npm test does)');
    // The process in this test only keeps the clock and the neighbours; the worker is a process of its own.
    reminders = await RunningReminders.start({ role: 'api' });
    database = new Client({ connectionString: reminders.database.adminUrl });
    await database.connect();
  });
  afterAll(async () => {
    service?.kill('SIGKILL');
    await database.end();
    await reminders.stop();
  });

  function startService(): ChildProcess {
    return spawn(process.execPath, [program], {
      stdio: 'ignore',
      env: {
        ...reminders.identity.environment, PATH: process.env['PATH'], MODE: 'production', PUBLIC_URL: 'http://localhost', PORT: '0', OPS_PORT: '0', LOG_LEVEL: 'silent', ROLE: 'worker',
        DATABASE_APP_URL: reminders.database.appUrl, DATABASE_WORKER_URL: reminders.database.workerUrl, KAFKA_BROKERS: reminders.topics.brokers.join(','), KAFKA_TOPIC_PREFIX: reminders.topics.prefix,
      },
    });
  }
  const count = async (sql: string): Promise<number> => Number((await database.query<{ n: string }>(sql)).rows[0]!.n);

  it('P9 P10 P14: kill -9 in the middle of bookings loses no step and requests none twice', async () => {
    const patient = reminders.visit().patient;
    await reminders.patient(patient);
    const visits = Array.from({ length: VISITS }, () => reminders.visit({ patient }));
    const published = (async () => {
      for (const visit of visits) await reminders.book(visit);
    })();
    for (let kill = 1; kill <= KILLS; kill++) {
      service = startService();
      const goal = Math.floor((kill * VISITS) / (KILLS + 2));
      await eventually(`${goal} visits are planned`, async () => (await count('SELECT count(*) AS n FROM appointment')) >= goal, 60);
      const gone = once(service, 'exit');
      service.kill('SIGKILL');
      await gone;
    }
    service = startService();
    await published;
    await eventually('all visits are planned', async () => (await count('SELECT count(*) AS n FROM appointment')) === VISITS, 60);
    await eventually('all requests have left', async () => (await count('SELECT count(*) AS n FROM outbox')) === 0 && (await count('SELECT count(*) AS n FROM parked_event')) === 0, 60);
    await eventually('all confirmations were heard', () => visits.every((visit) => reminders.stepsOf(visit.id).length >= 2), 60);
    // A relay that dies between the broker's yes and its own delete sends a record again, with the same sequence: readers know it as a duplicate.
    const requests = new Map(visits.flatMap((visit) => reminders.requestsOf(visit.id)).map((request) => [request.id, request]));
    expect([...requests.values()].map((request) => `${request.subjects[0]!.id} ${request.subjects[0]!.step}`).sort()).toEqual(visits.flatMap((visit) => [`${visit.id} confirmation`, `${visit.id} confirmation-email`]).sort());
    expect(await count('SELECT count(*) AS n FROM timer')).toBe(4 * VISITS);
    expect(await count(`SELECT count(*) AS n FROM step_outcome`)).toBe(3 * VISITS);
    // A killed member holds its partitions until its session ends.
  }, 240_000);
});
