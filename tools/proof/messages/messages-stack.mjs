import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { join } from 'node:path';
import { freePorts } from '../../launcher/free-port.mjs';
import { startKafka } from '../../launcher/kafka.mjs';
import { root } from '../../launcher/paths.mjs';
import { startPostgres } from '../../launcher/postgres.mjs';
import { releaseDataFolder } from '../../launcher/postmaster-file.mjs';
import { recordOf } from '../../launcher/process-identity.mjs';
import { temporaryRun } from '../../launcher/temporary-run.mjs';
import { Trouble } from '../../launcher/trouble.mjs';
import { waitUntil } from '../../launcher/wait-until.mjs';
import { loadTypeScript, typeScriptArguments } from '../../typescript/load.mjs';
import { publicAddress } from './public-address.mjs';

const REPLICAS = ['notifications 1', 'notifications 2'];

/** Notifications in two processes, the sandbox in one, PostgreSQL and Kafka: each can be killed and is started again. Scheduling's answers about visits and keys come from this process. */
export class MessagesStack {
  /** @type {Map<string, { child: import('node:child_process').ChildProcess, port: number, ops: number }>} */
  processes = new Map();
  victim = 0;
  indexKey = randomBytes(32);
  accountSid = `AC${'0'.repeat(31)}1`;
  authToken = randomBytes(16).toString('hex');

  /** @param {{ keep?: boolean, rate?: number, reminders?: boolean }} [options] keep: data and logs stay; rate: texts a second and sender; reminders: a process of it as well */
  static async start({ keep = false, rate = 50, reminders = false } = {}) {
    const stack = new MessagesStack();
    stack.rate = rate;
    stack.others = reminders ? ['reminders'] : [];
    try {
      await stack.open(keep);
      return stack;
    } catch (error) {
      await stack.stop();
      throw error;
    }
  }

  async open(keep) {
    this.run = await temporaryRun({ keep });
    const [database, kafka, sandbox, sandboxOps, mail, ...replicas] = await freePorts(5 + 2 * (REPLICAS.length + this.others.length));
    this.ports = { database, kafka, sandbox, sandboxOps, mail };
    this.password = randomBytes(18).toString('base64url');
    await Promise.all([this.startDatabase(), this.startBroker()]);
    process.env.TEST_DATABASE_URL = this.postgres.url;
    process.env.TEST_KAFKA_BROKERS = this.broker.brokers;
    const { freshDatabase, freshTopics } = loadTypeScript('libs/testing/src/index.ts');
    const { SchedulingStandIn } = loadTypeScript('apps/notifications/test/scheduling-stand-in.ts');
    const migrations = (/** @type {string} */ app) => loadTypeScript(`apps/${app}/src/migrations/index.ts`).migrations;
    this.database = await freshDatabase('notifications', migrations('notifications'));
    this.sandboxDatabase = await freshDatabase('sandbox', migrations('sandbox'));
    if (this.others.length > 0) this.remindersDatabase = await freshDatabase('reminders', migrations('reminders'));
    this.topics = await freshTopics({ partitions: 6 });
    this.scheduling = await SchedulingStandIn.start();
    this.places = new Map([['sandbox', { port: sandbox, ops: sandboxOps }], ...[...REPLICAS, ...this.others].map((name, i) => /** @type {const} */ ([name, { port: replicas[2 * i], ops: replicas[2 * i + 1] }]))]);
    this.address = await publicAddress(() => REPLICAS.flatMap((name) => (this.processes.has(name) ? [this.places.get(name).port] : [])));
    this.startProcess('sandbox');
    await this.ready('sandbox');
    for (const name of [...REPLICAS, ...this.others]) this.startProcess(name);
    for (const name of [...REPLICAS, ...this.others]) await this.ready(name);
    // Why: whoever runs this at night would wait for the patients' quiet hours to end.
    await this.passUntil(new Date(Date.now() + 86_400_000).setUTCHours(16, 0, 0, 0));
  }

  async startBroker() {
    this.broker = await startKafka({ folder: join(this.run.folder, 'kafka'), port: this.ports.kafka, log: join(this.run.folder, 'kafka.log'), onSpawn: ({ record }) => this.run.add(record) });
  }

  async startDatabase() {
    const folder = join(this.run.folder, 'postgres');
    // Why without fsync: what is killed are processes; what they gave to the system is kept.
    // Why more than once: the sessions of a killed PostgreSQL take a moment to notice, and hold its shared memory until then.
    for (let attempt = 0; ; attempt += 1) {
      try {
        await releaseDataFolder(folder);
        this.postgres = await startPostgres({ folder, port: this.ports.database, password: this.password, log: join(this.run.folder, 'postgres.log'), durable: false, extra: { max_connections: '100', fsync: 'off' }, onSpawn: ({ record }) => this.run.add(record) });
        return;
      } catch (error) {
        if (attempt >= 20) throw error;
        await new Promise((done) => setTimeout(done, 250));
      }
    }
  }

  /** @param {string} name */
  startProcess(name) {
    const app = name.split(' ')[0];
    const { port, ops } = this.places.get(name);
    const log = createWriteStream(join(this.run.folder, `${name.replace(' ', '-')}.log`), { flags: 'a' });
    const child = spawn(process.execPath, [...typeScriptArguments, join(root, 'apps', app, 'src', 'main.ts')], {
      cwd: root, stdio: ['ignore', 'pipe', 'pipe'],
      env: { PATH: process.env.PATH, TZ: 'UTC', MODE: 'sandbox', PUBLIC_URL: this.address.url, HOST: '127.0.0.1', PORT: String(port), OPS_PORT: String(ops), LOG_LEVEL: process.env.LOG_LEVEL ?? 'warn', TWILIO_ACCOUNT_SID: this.accountSid, TWILIO_AUTH_TOKEN: this.authToken, DATABASE_POOL_SIZE: '10', KAFKAJS_NO_PARTITIONER_WARNING: '1', ...(app === 'sandbox' ? this.sandboxEnvironment() : this.serviceEnvironment(app === 'reminders' ? this.remindersDatabase : this.database)) },
    });
    child.stdout.pipe(log);
    child.stderr.pipe(log);
    if (child.pid) this.run.add(recordOf(name, child.pid));
    const started = { child, port, ops };
    this.processes.set(name, started);
    child.once('exit', () => { if (this.processes.get(name) === started) this.processes.delete(name); });
  }

  sandboxEnvironment() {
    const members = [...this.places.values()].map(({ ops }) => `http://127.0.0.1:${ops}`).join(',');
    return { DATABASE_APP_URL: this.sandboxDatabase.appUrl, DATABASE_WORKER_URL: this.sandboxDatabase.workerUrl, SMTP_PORT: String(this.ports.mail), SERVICE_CLIENTS: JSON.stringify({ notifications: 'a-secret-of-the-proof-only' }), CLOCK_MEMBERS: members };
  }

  /** @param {{ appUrl: string, workerUrl: string }} database */
  serviceEnvironment(database) {
    return {
      ...this.scheduling.environment, DATABASE_APP_URL: database.appUrl, DATABASE_WORKER_URL: database.workerUrl, KAFKA_BROKERS: this.topics.brokers.join(','), KAFKA_TOPIC_PREFIX: this.topics.prefix, ROLE: 'all',
      INDEX_KEY: this.indexKey.toString('base64'), CLOCK_URL: `http://127.0.0.1:${this.ports.sandbox}/sandbox/clock`, TWILIO_BASE_URL: `http://127.0.0.1:${this.ports.sandbox}`, SMTP_URL: `smtp://127.0.0.1:${this.ports.mail}`,
      PROVIDER_TIMEOUT_MS: '3000', SENDER_RATE_PER_SECOND: String(this.rate),
    };
  }

  /** @param {string} name */
  async ready(name) {
    const ok = await waitUntil(async () => (await fetch(`http://127.0.0.1:${this.places.get(name).ops}/health/ready`, { signal: AbortSignal.timeout(2_000) }).catch(() => null))?.ok, { seconds: 120, everyMs: 100 });
    if (!ok) throw new Trouble(`${name} is not ready within 120 s; its log is in ${this.run.folder}`);
  }

  /** kill -9, and a start after that. Returns who it was. @param {'replica' | 'broker' | 'database'} what */
  async killAndRestart(what) {
    if (what === 'broker') {
      process.kill(-this.broker.pid, 'SIGKILL');
      await this.broker.ended;
      await this.startBroker();
      return 'broker';
    }
    if (what === 'database') {
      process.kill(this.postgres.pid, 'SIGKILL');
      await this.postgres.ended;
      await this.startDatabase();
      return 'database';
    }
    const name = REPLICAS[this.victim++ % REPLICAS.length];
    await this.kill(name);
    this.startProcess(name);
    await this.ready(name);
    return name;
  }

  /** @param {string} name */
  async kill(name) {
    const found = this.processes.get(name);
    if (!found) return;
    const ended = new Promise((done) => found.child.once('exit', done));
    found.child.kill('SIGKILL');
    await ended;
  }

  /** Starts what has ended by itself, as the launcher's supervisor would. Returns who that was. */
  revive() {
    const gone = [...this.places.keys()].filter((name) => !this.processes.has(name));
    for (const name of gone) this.startProcess(name);
    return gone;
  }

  /** @param {'notifications' | 'sandbox' | 'reminders'} which @param {string} text @param {unknown[]} [values] @returns {Promise<any[]>} */
  async rows(which, text, values = []) {
    const { default: pg } = await import('pg');
    const client = new pg.Client({ connectionString: { sandbox: this.sandboxDatabase, reminders: this.remindersDatabase, notifications: this.database }[which].adminUrl });
    client.on('error', () => undefined);
    await client.connect();
    try {
      return (await client.query(text, values)).rows;
    } finally {
      await client.end().catch(() => undefined);
    }
  }

  /** @param {string} path @param {unknown} [body] */
  async sandbox(path, body) {
    const answer = await fetch(`http://127.0.0.1:${this.ports.sandbox}${path}`, body === undefined ? {} : { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) });
    if (!answer.ok) throw new Trouble(`the sandbox answered ${answer.status} to ${path}: ${await answer.text()}`);
    return answer.json();
  }

  async now() {
    return Date.parse((await this.sandbox('/sandbox/clock')).now);
  }

  /** Domain time passes, from one due instant to the next, as the sandbox walks it. @param {number} to */
  async passUntil(to) {
    const job = await this.sandbox('/sandbox/api/clock/advance', { to: new Date(to).toISOString() });
    let last = job;
    const done = await waitUntil(async () => {
      this.revive();
      last = await this.sandbox(`/sandbox/api/clock/jobs/${job.id}`);
      return last.state !== 'running';
    }, { seconds: 1_200, everyMs: 200 });
    if (!done || last.state !== 'done') throw new Trouble(`the clock did not arrive: ${last.error ?? 'not within 20 minutes'}`);
  }

  /** Nothing is due, in flight or unpublished in any process. Returns who is busy, null where none is. */
  async busy() {
    const states = await Promise.all([...this.places].map(async ([name, { ops }]) => {
      const state = await fetch(`http://127.0.0.1:${ops}/idle`, { signal: AbortSignal.timeout(10_000) }).then((r) => r.json()).catch(() => ({ idle: false, busy: ['no answer'] }));
      return state.idle ? null : `${name} (${state.busy})`;
    }));
    return states.filter(Boolean).join(', ') || null;
  }

  /** @param {string} name @returns {Promise<number>} the sum over both processes */
  async metric(name) {
    const texts = await Promise.all(REPLICAS.map((replica) => fetch(`http://127.0.0.1:${this.places.get(replica).ops}/metrics`).then((r) => r.text())));
    return texts.flatMap((text) => [...text.matchAll(new RegExp(`^${name}(?:\\{[^}]*\\})? (\\S+)$`, 'gm'))]).reduce((sum, [, value]) => sum + Number(value), 0);
  }

  async stop() {
    for (const name of [...this.processes.keys()]) await this.kill(name);
    await Promise.all([this.address?.stop(), this.scheduling?.stop()]);
    await Promise.all([this.postgres?.stop(), this.broker?.stop()]);
    this.run?.remove();
    if (this.run?.kept) console.log(`data and logs: ${this.run.kept}`);
  }
}
