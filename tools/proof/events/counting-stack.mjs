import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { join } from 'node:path';
import { freePorts } from '../../launcher/free-port.mjs';
import { startKafka } from '../../launcher/kafka.mjs';
import { root } from '../../launcher/paths.mjs';
import { startPostgres } from '../../launcher/postgres.mjs';
import { recordOf } from '../../launcher/process-identity.mjs';
import { temporaryRun } from '../../launcher/temporary-run.mjs';
import { Trouble } from '../../launcher/trouble.mjs';
import { waitUntil } from '../../launcher/wait-until.mjs';
import { loadTypeScript, typeScriptArguments } from '../../typescript/load.mjs';

const processes = 'libs/messaging/src/testing-processes';

/** PostgreSQL, Kafka, one relay and two consumers, each a process of its own that can be killed; the publisher lives in this process. */
export class CountingStack {
  published = 0;
  handled = 0;
  /** @type {Map<string, import('node:child_process').ChildProcess>} */
  children = new Map();
  victim = 0;

  static async start() {
    const stack = new CountingStack();
    try {
      await stack.open();
      return stack;
    } catch (error) {
      await stack.stop();
      throw error;
    }
  }

  async open() {
    this.run = await temporaryRun();
    const [databasePort, kafkaPort] = await freePorts(2);
    this.kafkaPort = kafkaPort;
    const [postgres] = await Promise.all([
      startPostgres({ folder: join(this.run.folder, 'postgres'), port: databasePort, password: randomBytes(18).toString('base64url'), log: join(this.run.folder, 'postgres.log'), durable: false, onSpawn: ({ record }) => this.run.add(record) }),
      this.startBroker(),
    ]);
    this.postgres = postgres;
    process.env.TEST_DATABASE_URL = postgres.url;
    process.env.TEST_KAFKA_BROKERS = this.broker.brokers;
    const { freshDatabase, freshTopics } = loadTypeScript('libs/testing/src/index.ts');
    const { countingTables } = loadTypeScript(`${processes}/counting-tables.ts`);
    const { countingTopics } = loadTypeScript(`${processes}/ticks.ts`);
    const { CountingService } = loadTypeScript(`${processes}/counting-service.ts`);
    [this.database, this.topics] = await Promise.all([freshDatabase('counting', countingTables('counting')), freshTopics({ names: countingTopics, partitions: 6 })]);
    const settings = { service: 'counting', workerUrl: this.database.workerUrl, brokers: this.topics.brokers, topicPrefix: this.topics.prefix };
    this.publisher = await new CountingService(settings).open();
    for (const name of ['relay', 'consumer 1', 'consumer 2']) this.startProcess(name);
    await this.until('the group has its members', async () => (await this.membersOf()) === 2);
  }

  async startBroker() {
    this.broker = await startKafka({ folder: join(this.run.folder, 'kafka'), port: this.kafkaPort, log: join(this.run.folder, 'kafka.log'), onSpawn: ({ record }) => this.run.add(record) });
  }

  /** @param {string} name */
  startProcess(name) {
    const log = createWriteStream(join(this.run.folder, `${name.replace(' ', '-')}.log`), { flags: 'a' });
    const child = spawn(process.execPath, [...typeScriptArguments, join(root, processes, 'counting-process.ts')], {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, COUNTING_PART: name.split(' ')[0], COUNTING_SERVICE: 'counting', COUNTING_DATABASE: this.database.workerUrl, COUNTING_BROKERS: this.topics.brokers.join(','), COUNTING_PREFIX: this.topics.prefix },
    });
    child.stdout.pipe(log);
    child.stderr.pipe(log);
    if (child.pid) this.run.add(recordOf(name, child.pid));
    this.children.set(name, child);
  }

  /** @param {'relay' | 'consumer' | 'broker'} what */
  async kill(what) {
    if (what === 'broker') {
      process.kill(-this.broker.pid, 'SIGKILL');
      await this.broker.ended;
      return;
    }
    const name = what === 'relay' ? 'relay' : `consumer ${1 + (this.victim++ % 2)}`;
    this.killed = name;
    await ended(this.children.get(name), 'SIGKILL');
  }

  /** Starts again what was killed last. @param {'relay' | 'consumer' | 'broker'} what */
  async restart(what) {
    if (what === 'broker') await this.startBroker();
    else this.startProcess(this.killed);
  }

  async countHandled() {
    const [row] = await this.publisher.database.query(`SELECT count(*)::int AS n FROM effect`);
    this.handled = row.n;
    return this.handled;
  }

  /** Relay and consumers have done all that there is to do. */
  async isIdle() {
    const { idle } = await this.publisher.messaging.idle.state();
    const [row] = await this.publisher.database.query('SELECT NOT EXISTS (SELECT 1 FROM outbox) AS empty');
    return idle && row.empty;
  }

  async membersOf() {
    const { Kafka, logLevel } = (await import('kafkajs')).default;
    const admin = new Kafka({ brokers: this.topics.brokers, logLevel: logLevel.NOTHING }).admin();
    await admin.connect();
    try {
      const { groups } = await admin.describeGroups([`${this.topics.prefix}counting`]);
      return groups[0]?.state === 'Stable' ? groups[0].members.length : 0;
    } finally {
      await admin.disconnect();
    }
  }

  /** @param {string} what @param {() => Promise<boolean>} condition */
  async until(what, condition) {
    if (!(await waitUntil(condition, { seconds: 240, everyMs: 100 }))) throw new Trouble(`not within 240 s: ${what} (${this.handled} of ${this.published} handled)`);
  }

  async stop() {
    await this.publisher?.close();
    await Promise.all([...this.children.values()].map((child) => ended(child, 'SIGKILL')));
    await Promise.all([this.postgres?.stop(), this.broker?.stop()]);
    this.run?.remove();
  }
}

/** @param {import('node:child_process').ChildProcess | undefined} child @param {NodeJS.Signals} signal */
async function ended(child, signal) {
  if (!child || child.exitCode !== null || child.signalCode !== null) return;
  const end = new Promise((done) => child.once('exit', done));
  child.kill(signal);
  await end;
}
