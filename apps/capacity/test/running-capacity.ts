import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';
import type { MicroserviceOptions } from '@nestjs/microservices';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { AppointmentBooked, AppointmentCancelled, AppointmentConfirmed, AppointmentStatusChanged, type EventDefinition, type EventWire, MessageCosted, MessageOutcomeRecorded, MessageRequested, PracticeDefined, ServiceDefined, VisitTypeDefined, AgreementChanged, HoldEnded, HoldPlaced, OfferRoundEnded } from '@slotmesh/contracts';
import { Clock, type Instant, formatInstant, newId } from '@slotmesh/kernel';
import { EVENT_STRATEGY, Idleness, createApplication, loadConfig } from '@slotmesh/platform';
import { type IdentityStandIn, type NeighbourEvents, type TestDatabase, type TestTopics, eventually, freshDatabase, freshTopics, identityStandIn, neighbourEvents } from '@slotmesh/testing';
import { Kafka, logLevel } from 'kafkajs';
import { Client } from 'pg';
import { AppModule } from '../src/app.module';
import { type CapacityConfig, capacityConfig } from '../src/config';
import { RefreshMonths } from '../src/measures/commands/refresh-months';
import { migrations } from '../src/migrations';
import { FoldCounts } from '../src/visits/commands/fold-counts';

export type Visit = EventWire<typeof AppointmentBooked>['appointment'];
export type Round = EventWire<typeof OfferRoundEnded>;
export const partnership = newId();
export const day = '2026-07-01';
const by = { kind: 'booking', practice: null } as const;

/** Capacity as it runs, on a database and topics of its own. */
export class RunningCapacity {
  app: NestFastifyApplication | null = null;
  private constructor(readonly database: TestDatabase, readonly admin: Client, readonly topics: TestTopics, readonly identity: IdentityStandIn, readonly events: NeighbourEvents) {}

  static async start(): Promise<RunningCapacity> {
    const [database, topics, identity] = await Promise.all([freshDatabase('capacity', migrations), freshTopics(), identityStandIn()]);
    for (const practice of ['harbor', 'summit', 'desert', 'lakeside']) identity.people.set(`manager@${practice}.example`, { practice, roles: ['manager'] });
    identity.people.set('operator@network.example', { practice: null, roles: ['operator'] });
    const admin = new Client({ connectionString: database.adminUrl });
    await admin.connect();
    const running = new RunningCapacity(database, admin, topics, identity, await neighbourEvents(topics, []));
    await running.startProcess();
    return running;
  }

  get config(): CapacityConfig {
    return loadConfig(capacityConfig, this.environment);
  }

  async startProcess(over: Partial<CapacityConfig> = {}): Promise<void> {
    this.app = await createApplication(AppModule.forRoot({ ...this.config, ...over }));
    this.app.connectMicroservice<MicroserviceOptions>({ strategy: this.app.get(EVENT_STRATEGY, { strict: false }) }, { inheritAppConfig: false });
    await this.app.startAllMicroservices();
    await this.app.listen(0, '127.0.0.1');
  }

  private get environment(): Record<string, string> {
    return {
      ...this.identity.environment, MODE: 'sandbox', PUBLIC_URL: 'http://localhost', PORT: '0', OPS_PORT: '0', LOG_LEVEL: 'silent', DATABASE_POOL_SIZE: '6',
      DATABASE_APP_URL: this.database.appUrl, DATABASE_WORKER_URL: this.database.workerUrl, KAFKA_BROKERS: this.topics.brokers.join(','), KAFKA_TOPIC_PREFIX: this.topics.prefix,
    };
  }

  /** A process of its own, made to be killed. */
  startChild(): ChildProcess {
    const root = join(__dirname, '../../..');
    return spawn(process.execPath, ['--require', join(root, 'tools/typescript/register.cjs'), join(root, 'apps/capacity/src/main.ts')], { cwd: root, env: { PATH: process.env['PATH'], ...this.environment, ROLE: 'worker' }, stdio: 'ignore' });
  }

  async stopProcess(): Promise<void> {
    await this.app?.close();
    this.app = null;
  }

  /** What an operator does for a rebuild: everything read is forgotten, inbox and park too, and the group goes back to the beginning. */
  async forgetEverything(): Promise<void> {
    await this.stopProcess();
    await this.admin.query(`TRUNCATE visit, visit_count, visit_delta, month_cell, month_changed, hold, offer_round, message_request, message_outcome, message_cost, practice, service, visit_type, agreement, supply_day, supply_since, supply_part, shared_day, access_snapshot, access_wait, network_wait,
      empty_search, waiting, referral, no_show_model, inbox, parked_event`);
    await this.backToTheBeginning();
  }

  /** Every record comes again, while what was made of them stands. */
  async readAgain(): Promise<void> {
    await this.stopProcess();
    await this.backToTheBeginning();
    await this.startProcess();
  }

  private async backToTheBeginning(): Promise<void> {
    const kafka = new Kafka({ brokers: this.topics.brokers, logLevel: logLevel.NOTHING }).admin();
    await kafka.connect();
    await eventually('the group is empty', async () => (await kafka.deleteGroups([`${this.topics.prefix}capacity`])).length > 0);
    await kafka.disconnect();
  }

  async stop(): Promise<void> {
    await this.stopProcess();
    await Promise.all([this.events.stop(), this.identity.stop(), this.admin.end()]);
    await Promise.all([this.database.drop(), this.topics.drop()]);
  }

  /** Idle twice, and nothing done between: what was looked at first may have fallen due while the last was looked at. */
  async settled(): Promise<void> {
    let before: number | null = null;
    await eventually('capacity is idle', async () => {
      const { idle, activity } = await this.app!.get(Idleness).state();
      const rests = idle && activity === before;
      before = idle ? activity : null;
      return rests;
    }, 60);
  }

  /** The four practices are known; lakeside is in no partnership. */
  async knowsPractices(): Promise<void> {
    for (const id of ['harbor', 'summit', 'desert', 'lakeside']) await this.practice(id);
    await this.settled();
  }

  /** Counts are taken together and months anew, as the workers do a moment later. */
  async counted(): Promise<void> {
const left = async () => Number((await this.admin.query('SELECT (SELECT count(*) FROM visit_delta) + (SELECT count(*) FROM month_changed) AS n')).rows[0].n);
    do {
      await this.app!.get(FoldCounts, { strict: false }).execute();
      await this.app!.get(RefreshMonths, { strict: false }).execute({ restsMs: 0, mostMs: 0 });
    } while ((await left()) > 0);
  }

  get now(): Instant {
    return this.app!.get(Clock).now();
  }

  practice = (id: string, zone = 'America/Denver') => this.events.publish(PracticeDefined, { key: id, host: id, time: this.now }, { id, name: id, zone, phone: '+13035550100', email: `desk@${id}.example`, senderNumber: '+13035550101', partnership: id === 'lakeside' ? null : partnership, staffed: true });
  visitType = (id: string) => this.events.publish(VisitTypeDefined, { key: id, host: 'summit', time: this.now }, { id, practice: 'summit', service: 'skin-check', name: 'Skin check', durationMinutes: 30, modality: 'in-person' });
  service = (code: string, sensitive: boolean) => this.events.publish(ServiceDefined, { key: code, host: null, time: this.now }, { code, name: { en: code, es: code }, sensitive });
  agreement = () => this.events.publish(AgreementChanged, { key: newId(), host: null, time: this.now }, { id: newId(), partnership, version: 1, status: 'in-force', practices: ['harbor', 'summit', 'desert'], effectiveFrom: formatInstant(this.now), effectiveTo: null });
  async heldAndBooked(): Promise<void> {
    const id = newId();
    const at = { key: id, host: 'summit', booking: 'harbor', time: this.now };
    await this.events.publish(HoldPlaced, at, { id, opening: 'o1', host: 'summit', holder: 'harbor', provider: newId(), visitType: newId(), site: newId(), start: `${day}T16:00:00.000Z`, end: `${day}T16:30:00.000Z`, expiresAt: formatInstant(this.now) });
    await this.events.publish(HoldEnded, at, { id, host: 'summit', holder: 'harbor', outcome: 'booked', at: formatInstant(this.now) });
  }

  confirm = (visit: Visit) => this.events.publish(AppointmentConfirmed, this.at(visit), { appointment: { ...visit, participation: 'accepted' }, by, answer: null });
  requested = (request: EventWire<typeof MessageRequested>) => this.events.publish(MessageRequested, { key: request.id, host: request.host, time: this.now }, request);
  became = (message: EventWire<typeof MessageOutcomeRecorded>) => this.events.publish(MessageOutcomeRecorded, { key: message.id, host: message.host, time: this.now }, message);
  costed = (cost: EventWire<typeof MessageCosted>) => this.events.publish(MessageCosted, { key: cost.id, host: cost.host, time: this.now }, cost);
  roundEnded = (round: Round, host = round.host) => this.events.publish(OfferRoundEnded, { key: round.id, host, time: this.now }, round);
  round(over: Partial<Round> = {}): Round {
    return {
      id: newId(), host: 'summit', service: 'skin-check', visitType: newId(), provider: newId(), site: newId(), start: '2026-07-20T16:00:00.000Z', end: '2026-07-20T16:30:00.000Z', zone: 'America/Denver',
      freedBy: newId(), freedAt: '2026-07-10T16:00:00.000Z', outcome: 'filled', offers: 2, appointment: newId(), at: '2026-07-10T16:20:00.000Z', ...over,
    };
  }

  visit(over: Partial<Visit> = {}): Visit {
    return {
      id: newId(), revision: 1, status: 'booked', participation: 'needs-action', host: 'summit', booking: 'harbor', patient: newId(), bookingPatient: null, site: newId(), provider: newId(), visitType: newId(),
      service: 'skin-check', modality: 'in-person', start: `${day}T16:00:00.000Z`, end: `${day}T16:30:00.000Z`, zone: 'America/Denver', bookedAt: formatInstant(this.now), ...over,
    };
  }
  private at = (visit: Visit) => ({ key: visit.id, host: visit.host, booking: visit.booking, time: this.now });
  book = (visit: Visit, more: { readonly replaces?: string } = {}) => this.events.publish(AppointmentBooked, this.at(visit), { appointment: visit, by, ...more });
  cancel = (visit: Visit, reason: string, more: { readonly goesOn?: boolean } = {}) => this.events.publish(AppointmentCancelled, this.at(visit), { appointment: { ...visit, revision: visit.revision + 1, status: 'cancelled' }, by, reason, answer: null, ...more });
  /** Any fact of another service's, under its key. */
  tell = <D extends EventDefinition>(definition: D, key: string, host: string, data: EventWire<D>) => this.events.publish(definition, { key, host, time: this.now }, data);
  goOn = (visit: Visit, status: Visit['status']) => this.events.publish(AppointmentStatusChanged, this.at(visit), { appointment: { ...visit, status }, by, previous: visit.status });

  get = (subject: string, path: string) => this.ask(subject, path, {});
  post = (subject: string, path: string, body: unknown, key?: string) => this.ask(subject, path, { method: 'POST', body: JSON.stringify(body), headers: { 'content-type': 'application/json', ...(key ? { 'idempotency-key': key } : {}) } });

  delete = (subject: string, path: string) => this.ask(subject, path, { method: 'DELETE' });

  private async ask(subject: string, path: string, init: { readonly method?: string; readonly body?: string; readonly headers?: Readonly<Record<string, string>> }) {
    const response = await fetch(`${await this.app!.getUrl()}/api/capacity/v1${path}`, { ...init, headers: { ...init.headers, authorization: `Bearer ${await this.identity.tokenFor(subject)}` } });
    const text = await response.text();
    return { status: response.status, text, body: response.headers.get('content-type')?.includes('json') ? JSON.parse(text) : null };
  }
}
