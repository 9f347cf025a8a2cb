import { createHash } from 'node:crypto';
import type { MicroserviceOptions } from '@nestjs/microservices';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { EventDefinition } from '@slotmesh/contracts';
import { Clock, DAY, type Instant, MINUTE, MovableClock, formatInstant, plusMs } from '@slotmesh/kernel';
import { EVENT_STRATEGY, Idleness, createApplication, loadConfig } from '@slotmesh/platform';
import { type NeighbourEvents, type TestDatabase, type TestIssuer, type TestTopics, copiedDatabase, eventually, freshDatabase, freshTopics, neighbourEvents, startIssuer, testRun } from '@slotmesh/testing';
import { Client } from 'pg';
import { AppModule } from '../src/app.module';
import { schedulingConfig } from '../src/config';
import { migrations } from '../src/migrations';
import { PatientVault } from '../src/patients/patient-vault';
import { seedSample } from '../src/seed/seed-sample';
import { UnitOfWork } from '@slotmesh/persistence';

/** P1: what is taken twice at one time; no row, ever. */
export const TAKEN_TWICE = `SELECT a.id FROM occupancy a JOIN occupancy b ON a.resource_id = b.resource_id AND a.lane = b.lane AND a.id < b.id AND a.during && b.during AND a.active AND b.active`;

export interface HttpResult {
  readonly status: number;
  // What a test reads of an answer is checked by its expectations.
  readonly body: Record<string, never> & { readonly [key: string]: unknown };
  readonly headers: Headers;
}

const clockOf = (app: NestFastifyApplication): MovableClock => {
  const clock = app.get(Clock, { strict: false });
  if (!(clock instanceof MovableClock)) throw new Error('the sandbox clock is expected');
  return clock;
};

/** Whatever a database was prepared with lies before the suites that have a copy of it. */
const PREPARED = 5 * MINUTE;
/** The same in all workers, because what is sealed in one is opened in another. */
const keyOf = (purpose: string): string => createHash('sha256').update(`${purpose} ${testRun().name}`).digest('base64');

interface Wishes {
  /** What the test wants to hear; then the service hears its neighbours, too. */
  readonly listenTo?: readonly EventDefinition[];
  readonly publicUrl?: string;
  readonly environment?: Readonly<Record<string, string>>;
}

/** The service as an outside client meets it: real HTTP, tokens, PostgreSQL and Kafka, with the sample partnership in it. */
export class RunningScheduling {
  private constructor(readonly url: string, readonly app: NestFastifyApplication, readonly database: TestDatabase, readonly issuer: TestIssuer, readonly admin: Client, readonly events: NeighbourEvents, readonly topics: TestTopics) {}

  /** Begins five minutes after the start of the run's time, with the sample partnership in it. `fromNothing`: its events of the beginning are to be heard, too. Otherwise, and without other wishes, its tables are a copy. */
  static async start({ fromNothing = false, ...wishes }: Wishes & { readonly fromNothing?: boolean } = {}): Promise<RunningScheduling> {
    const copied = !fromNothing && wishes.publicUrl === undefined && wishes.environment === undefined;
    const database = copied ? await copiedDatabase('scheduling', migrations, prepare) : await freshDatabase('scheduling', migrations);
    return RunningScheduling.on(database, { at: plusMs(testRun().start, PREPARED), isSown: copied }, wishes);
  }

  static async on(database: TestDatabase, { at, isSown }: { readonly at: Instant; readonly isSown: boolean }, { listenTo, publicUrl = 'http://localhost:8080', environment = {} }: Wishes): Promise<RunningScheduling> {
    const [topics, issuer] = await Promise.all([freshTopics(), startIssuer()]);
    const config = loadConfig(schedulingConfig, {
      MODE: 'sandbox', PUBLIC_URL: publicUrl, PORT: '0', OPS_PORT: '0', LOG_LEVEL: 'error', KAFKA_BROKERS: topics.brokers.join(','), KAFKA_TOPIC_PREFIX: topics.prefix,
      DATABASE_APP_URL: database.appUrl, DATABASE_WORKER_URL: database.workerUrl, ...issuer.environment, CLIENT_ID: 'scheduling', CLIENT_SECRET: 'test', SCHEDULING_URL: 'http://127.0.0.1:1',
      MASTER_KEY: keyOf('master'), INDEX_KEY: keyOf('index'), ...environment,
    });
    const app = await createApplication(AppModule.forRoot(config));
    clockOf(app).moveTo(at - Date.now());
    if (!isSown) await seedSample(app.get(UnitOfWork, { strict: false }), new PatientVault(config.MASTER_KEY, config.INDEX_KEY));
    if (listenTo) {
      app.connectMicroservice<MicroserviceOptions>({ strategy: app.get(EVENT_STRATEGY, { strict: false }) }, { inheritAppConfig: false });
      await app.startAllMicroservices();
    }
    await app.listen({ host: '127.0.0.1', port: 0 });
    const admin = new Client({ connectionString: database.adminUrl });
    await admin.connect();
    return new RunningScheduling(await app.getUrl(), app, database, issuer, admin, await neighbourEvents(topics, listenTo ?? []), topics);
  }

  async stop(): Promise<void> {
    await this.leave();
    await this.database.drop();
  }

  /** Stops and keeps the database. */
  async leave(): Promise<void> {
    await this.events.stop();
    await this.app.close();
    await this.admin.end();
    await Promise.all([this.issuer.close(), this.topics.drop()]);
  }

  get clock(): MovableClock {
    return clockOf(this.app);
  }
  now(): Instant {
    return this.clock.now();
  }
  inDays(days: number): string {
    return formatInstant(plusMs(this.now(), days * DAY));
  }

  /** A desk that speaks HTTP. */
  async desk(subject: string): Promise<Desk> {
    return new Desk(this.url, await this.issuer.tokenOf(subject), subject);
  }

  /** Of queries that find what must never be, those that find something, and how much. */
  async whatIsBroken(checks: Readonly<Record<string, string>>): Promise<Record<string, number>> {
    const found: Record<string, number> = {};
    for (const [promise, sql] of Object.entries(checks)) {
      const { length } = await this.sql(sql);
      if (length > 0) found[promise] = length;
    }
    return found;
  }

  async sql<Row extends object>(text: string, values: unknown[] = []): Promise<Row[]> {
    return (await this.admin.query<Row>(text, values)).rows;
  }

  /** Hours that were added are offered a moment later: until then, who starts to wait may still be offered them. */
  async reopenedTimeIsLookedAt(): Promise<void> {
    await eventually('what was noted has been looked at', async () => (await this.sql('SELECT id FROM reopened_time')).length === 0);
  }
}

export class Desk {
  constructor(private readonly url: string, private readonly token: string, readonly subject: string) {}

  async call(method: string, path: string, body?: unknown, headers: Record<string, string> = {}): Promise<HttpResult> {
    const response = await fetch(`${this.url}/api/scheduling/v1${path}`, {
      method, headers: { authorization: `Bearer ${this.token}`, ...(body === undefined ? {} : { 'content-type': 'application/json' }), ...headers }, ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    return { status: response.status, body: text ? JSON.parse(text) : {}, headers: response.headers };
  }
  get = (path: string): Promise<HttpResult> => this.call('GET', path);
  post = (path: string, body: unknown = {}, headers: Record<string, string> = {}): Promise<HttpResult> => this.call('POST', path, body, headers);

  async openings(query: string): Promise<OpeningItem[]> {
    const { status, body } = await this.get(`/openings?${query}`);
    if (status !== 200) throw new Error(`search answered ${status}: ${JSON.stringify(body)}`);
    return body['items'] as unknown as OpeningItem[];
  }
}

export interface OpeningItem {
  readonly id: string;
  readonly visitType: { readonly id: string };
  readonly practice: string;
  readonly service: string;
  readonly start: string;
  readonly end: string;
  readonly zone: string;
  readonly provider: { readonly id: string };
  readonly site: { readonly id: string };
}

/** The sample partnership, and all that follows of itself from it. */
async function prepare(database: TestDatabase): Promise<void> {
  const running = await RunningScheduling.on(database, { at: testRun().start, isSown: false }, { listenTo: [] });
  let [before, since, still] = [-1, Date.now(), ''];
  try {
    await eventually(() => `nothing is left to do: ${still}`, async () => {
      const { idle, activity, busy } = await running.app.get(Idleness, { strict: false }).state();
      still = `${busy.join(', ')} (${activity})`;
      if (activity !== before) [before, since] = [activity, Date.now()];
      // Why for a while: what one part sends is not yet in the hands of the other; and those that look again and again are busy for a moment.
      return idle && Date.now() - since > 2_000;
    });
  } finally {
    await running.leave();
  }
}
