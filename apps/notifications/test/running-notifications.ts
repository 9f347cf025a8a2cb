import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes, randomInt } from 'node:crypto';
import { type AddressInfo, createServer } from 'node:net';
import { join } from 'node:path';
import type { MicroserviceOptions } from '@nestjs/microservices';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import {
  AppointmentAnswerRefused, AppointmentBooked, AppointmentCancelled, AppointmentConfirmed, AppointmentRescheduled, AppointmentStatusChanged, ConsentChanged, ContactPreferencesChanged, type EventData, type EventWire, MessageOutcomeRecorded, MessageRequested, OfferEnded, OfferMade, PatientAnswered,
  PatientRecorded, PracticeDefined, ProviderDefined, SiteDefined, VisitTypeDefined,
} from '@slotmesh/contracts';
import { Clock, type Instant, MovableClock, addDays, formatInstant, instantOf, localDateOf, newId, parseInstant, parseLocalTime, parseZone } from '@slotmesh/kernel';
import { UnitOfWork, blindIndexOf, seal, workerFor } from '@slotmesh/persistence';
import { EVENT_STRATEGY, Idleness, createApplication, loadConfig } from '@slotmesh/platform';
import { type NeighbourEvents, type TestDatabase, type TestTopics, eventually, freshDatabase, freshTopics, neighbourEvents } from '@slotmesh/testing';
import twilio from 'twilio';
import { AppModule } from '../src/app.module';
import { notificationsConfig } from '../src/config';
import { migrations } from '../src/migrations';
import { Mailbox } from './mailbox';
import { type Offer, SchedulingStandIn, type Visit } from './scheduling-stand-in';
import { TwilioStandIn } from './twilio-stand-in';

const PUBLIC_URL = 'http://localhost:8080';
export const SENDER = '+16175550100';
/** Tests begin at noon here, whenever they run. */
export const NEW_YORK = parseZone('America/New_York');
export const indexKey = randomBytes(32);
const by = { kind: 'host', practice: 'harbor' } as const;

export interface TestPatient {
  readonly id: string;
  readonly phone: string;
  readonly email: string;
  readonly record: EventWire<typeof PatientRecorded>;
}

/** Notifications as it runs, with a database and topics of its own, real HTTP and SMTP around it, and a clock that can be moved. */
export class RunningNotifications {
  private readonly phones = new Set<string>();
  readonly site = newId();
  readonly provider = newId();
  readonly visitType = newId();
  private readonly children: ChildProcess[] = [];
  private constructor(
    readonly database: TestDatabase, readonly topics: TestTopics, readonly scheduling: SchedulingStandIn, readonly twilio: TwilioStandIn, readonly mailbox: Mailbox, readonly events: NeighbourEvents,
    readonly apps: NestFastifyApplication[],
  ) {}

  static async start(options: { environment?: Record<string, string> } = {}): Promise<RunningNotifications> {
    const [database, topics, scheduling, sms, mailbox] = await Promise.all([freshDatabase('notifications', migrations), freshTopics(), SchedulingStandIn.start(), new TwilioStandIn().start(), new Mailbox().start()]);
    for (const practice of ['harbor', 'summit']) scheduling.identity.people.set(`frontdesk@${practice}.example`, { practice, roles: ['front-desk'] });
    scheduling.identity.people.set('manager@harbor.example', { practice: 'harbor', roles: ['manager'] });
    scheduling.identity.people.set('operator@network.example', { practice: null, roles: ['operator'] });
    const events = await neighbourEvents(topics, [MessageOutcomeRecorded, PatientAnswered, ConsentChanged, ContactPreferencesChanged]);
    const running = new RunningNotifications(database, topics, scheduling, sms, mailbox, events, []);
    await running.startProcess(options.environment);
    await running.references();
    return running;
  }

  private environment(more: Record<string, string> = {}): Record<string, string> {
    return {
      ...this.scheduling.environment, MODE: 'sandbox', PUBLIC_URL, PORT: '0', OPS_PORT: '0', LOG_LEVEL: 'error', ROLE: 'all', DATABASE_POOL_SIZE: '8', DATABASE_APP_URL: this.database.appUrl, DATABASE_WORKER_URL: this.database.workerUrl,
      KAFKA_BROKERS: this.topics.brokers.join(','), KAFKA_TOPIC_PREFIX: this.topics.prefix, INDEX_KEY: indexKey.toString('base64'), TWILIO_ACCOUNT_SID: this.twilio.accountSid, TWILIO_AUTH_TOKEN: this.twilio.authToken,
      TWILIO_BASE_URL: this.twilio.url, SMTP_URL: this.mailbox.url, PROVIDER_TIMEOUT_MS: '10000', SENDER_RATE_PER_SECOND: '500', ...more,
    };
  }

  /** One more process of the service, inside this one. */
  async startProcess(environment: Record<string, string> = {}): Promise<void> {
    const app = await createApplication(AppModule.forRoot(loadConfig(notificationsConfig, this.environment(environment))));
    app.connectMicroservice<MicroserviceOptions>({ strategy: app.get(EVENT_STRATEGY, { strict: false }) }, { inheritAppConfig: false });
    await app.startAllMicroservices();
    await app.listen(0, '127.0.0.1');
    this.apps.push(app);
    this.twilio.now = () => this.now;
    if (this.apps.length === 1) this.moveTo(instantOf(addDays(localDateOf(this.now, NEW_YORK), 1), parseLocalTime('12:00'), NEW_YORK));
    else this.clockOf(app).moveTo(this.clock.offset);
  }

  /** One more process of its own, made to be killed; ready when this returns. */
  async startChild(environment: Record<string, string> = {}): Promise<ChildProcess> {
    const [port, ops] = [await freePort(), await freePort()];
    const root = join(__dirname, '../../..');
    const child = spawn(process.execPath, ['--require', join(root, 'tools/typescript/register.cjs'), join(root, 'apps/notifications/src/main.ts')], { cwd: root, env: { PATH: process.env['PATH'], ...this.environment({ CLOCK_URL: `${this.scheduling.url}/clock`, PORT: String(port), OPS_PORT: String(ops), PROVIDER_TIMEOUT_MS: '6000', ...environment }) }, stdio: 'inherit' });
    this.children.push(child);
    await eventually('the process is ready', async () => (await fetch(`http://127.0.0.1:${ops}/health/ready`)).ok, 60);
    return child;
  }

  async stop(): Promise<void> {
    for (const child of this.children) child.kill('SIGKILL');
    await Promise.all(this.apps.map((app) => app.close()));
    await Promise.all([this.events.stop(), this.scheduling.stop(), this.twilio.stop(), this.mailbox.stop()]);
    await Promise.all([this.database.drop(), this.topics.drop()]);
  }

  get now(): Instant {
    return this.clock.now();
  }
  private get clock(): MovableClock {
    return this.clockOf(this.apps[0]!);
  }
  private clockOf(app: NestFastifyApplication): MovableClock {
    const clock = app.get(Clock);
    if (!(clock instanceof MovableClock)) throw new Error('the clock cannot be moved');
    return clock;
  }
  moveTo(at: Instant | string): void {
    const target = typeof at === 'string' ? parseInstant(at) : at;
    const offset = this.clock.offset + Math.max(target - this.clock.now(), 0);
    this.scheduling.offsetMs = offset;
    for (const app of this.apps) this.clockOf(app).moveTo(offset);
  }
  async idle(): Promise<{ idle: boolean; nextDue: string | null; busy: string[] }> {
    return this.apps[0]!.get(Idleness).state();
  }
  settled = () => eventually('notifications is idle', async () => (await this.idle()).idle, 60);
  /** A question to the database as the worker sees it. */
  rows<T extends object>(text: string, values: unknown[] = []): Promise<T[]> {
    return this.apps[0]!.get(UnitOfWork).run(workerFor('test', null), (tx) => tx.query<T>(text, values));
  }

  /** What the patient's record says now. */
  recordAgain = (patient: TestPatient, over: Partial<EventWire<typeof PatientRecorded>>) => this.events.publish(PatientRecorded, { key: patient.id, host: 'harbor', time: this.now }, { ...patient.record, ...over });

  private async references(): Promise<void> {
    const at = (key: string, host: string) => ({ key, host, time: Date.now() as Instant });
    await this.events.publish(PracticeDefined, at('harbor', 'harbor'), { id: 'harbor', name: 'Harbor Family Medicine', zone: 'America/New_York', phone: SENDER, email: 'desk@harbor.example', senderNumber: SENDER, partnership: null, staffed: true });
    await this.events.publish(PracticeDefined, at('summit', 'summit'), { id: 'summit', name: 'Summit Dermatology', zone: 'America/Denver', phone: '+13035550100', email: 'desk@summit.example', senderNumber: '+13035550100', partnership: null, staffed: true });
    await this.events.publish(SiteDefined, at(this.site, 'harbor'), { id: this.site, practice: 'harbor', name: 'Boston Clinic', zone: 'America/New_York', phone: SENDER, address: { line: '1 Main St', city: 'Boston', state: 'MA', postalCode: '02110' }, latitude: null, longitude: null });
    await this.events.publish(VisitTypeDefined, at(this.visitType, 'harbor'), { id: this.visitType, practice: 'harbor', service: 'primary-care-visit', name: 'Visit', durationMinutes: 30, modality: 'in-person' });
    await this.events.publish(ProviderDefined, at(this.provider, 'harbor'), { id: this.provider, practice: 'harbor', name: 'Dr. Rivera', languages: ['en'] });
  }

  /** One that no other patient of this run has, unless it is given to them. */
  private newPhone(): string {
    const phone = `+1617555${String(randomInt(10_000)).padStart(4, '0')}`;
    if (this.phones.has(phone)) return this.newPhone();
    this.phones.add(phone);
    return phone;
  }

  async patient(over: Partial<EventWire<typeof PatientRecorded>> = {}, phone = this.newPhone()): Promise<TestPatient> {
    const id = newId();
    const key = randomBytes(32);
    const email = `p${id.slice(-8)}@patients.example`;
    this.scheduling.identity.patientKeys.set(id, key.toString('base64'));
    const record: EventWire<typeof PatientRecorded> = {
      id, practice: 'harbor', language: 'en', zone: 'America/New_York', givenName: seal(key, 'Maria', `${id}:givenName`), needs: [], deceased: false,
      contactPoints: [
        { channel: 'sms', index: blindIndexOf(indexKey, 'phone', phone), sealed: seal(key, phone, `${id}:phone`), consented: true },
        { channel: 'email', index: blindIndexOf(indexKey, 'email', email), sealed: seal(key, email, `${id}:email`), consented: true },
      ],
      ...over,
    };
    await this.events.publish(PatientRecorded, { key: id, host: 'harbor', time: this.now }, record);
    return { id, phone, email, record };
  }

  /** A visit, a number of days from now. */
  async visit(patient: TestPatient, days = 3, over: Partial<Visit> = {}): Promise<Visit> {
    const start = Math.floor((this.now + days * 86_400_000) / 60_000) * 60_000;
    const visit: Visit = {
      id: newId(), revision: 1, status: 'booked', participation: 'needs-action', host: 'harbor', booking: 'harbor', patient: patient.id, bookingPatient: null, site: this.site, provider: this.provider, visitType: this.visitType, service: 'primary-care-visit',
      modality: 'in-person', start: new Date(start).toISOString(), end: new Date(start + 1_800_000).toISOString(), zone: 'America/New_York', bookedAt: formatInstant(this.now), ...over,
    };
    this.scheduling.visits.set(visit.id, visit);
    await this.events.publish(AppointmentBooked, this.of(visit), { appointment: visit, by });
    return visit;
  }
  /** A time that is kept for a waiting patient for half an hour. */
  async offer(patient: TestPatient, over: Partial<Offer> = {}): Promise<Offer> {
    const start = Math.floor((this.now + 2 * 86_400_000) / 60_000) * 60_000;
    const offer: Offer = {
      id: newId(), revision: 1, state: 'open', round: newId(), entry: newId(), practice: 'harbor', host: 'summit', patient: patient.id, service: 'dermatology-consult', visitType: this.visitType, site: this.site, provider: this.provider, modality: 'in-person',
      start: new Date(start).toISOString(), end: new Date(start + 1_800_000).toISOString(), zone: 'America/Denver', channels: ['sms', 'email'], expiresAt: new Date(this.now + 1_800_000).toISOString(), ...over,
    };
    this.scheduling.offers.set(offer.id, offer);
    await this.events.publish(OfferMade, { key: offer.id, host: 'harbor', time: this.now }, { offer });
    return offer;
  }
  async endOffer(offer: Offer, state: Offer['state'], answer: string | null = null, publish = true): Promise<Offer> {
    const ended: Offer = { ...offer, revision: 2, state };
    this.scheduling.offers.set(offer.id, ended);
    if (publish) await this.events.publish(OfferEnded, { key: offer.id, host: 'harbor', time: this.now }, { offer: ended, answer, appointment: null });
    return ended;
  }
  async offerMessage(patient: TestPatient, offer: Offer, template: 'waitlist-offer' | 'waitlist-offer-gone' = 'waitlist-offer', over: Partial<EventWire<typeof MessageRequested>> = {}): Promise<string> {
    const id = newId();
    await this.events.publish(MessageRequested, { key: id, host: 'harbor', time: this.now }, {
      id, host: 'harbor', booking: 'harbor', patient: patient.id, subjects: [{ kind: 'offer', id: offer.id, revision: offer.revision, step: template }], class: 'consented-care', template, channels: ['sms', 'email'],
      expiresAt: offer.expiresAt, visitStart: offer.start, ...over,
    });
    return id;
  }
  private of = (visit: Visit) => ({ key: visit.id, host: visit.host, booking: visit.booking, time: this.now });

  /** The change, known to its owner; `publish: false` leaves the feed behind. */
  async move(visit: Visit, hours = 2, publish = true): Promise<Visit> {
    const later = (text: string) => new Date(parseInstant(text) + hours * 3_600_000).toISOString();
    const moved: Visit = { ...visit, revision: visit.revision + 1, start: later(visit.start), end: later(visit.end) };
    this.scheduling.visits.set(visit.id, moved);
    if (publish) await this.events.publish(AppointmentRescheduled, this.of(moved), { appointment: moved, by, previousStart: visit.start, previousEnd: visit.end });
    return moved;
  }
  async cancel(visit: Visit, answer: string | null = null): Promise<Visit> {
    const cancelled: Visit = { ...visit, revision: visit.revision + 1, status: 'cancelled' };
    this.scheduling.visits.set(visit.id, cancelled);
    await this.events.publish(AppointmentCancelled, this.of(cancelled), { appointment: cancelled, by, reason: 'pat', answer });
    return cancelled;
  }
  arrive = (visit: Visit) => this.events.publish(AppointmentStatusChanged, this.of(visit), { appointment: { ...visit, status: 'arrived' }, by, previous: 'booked' });
  confirmed = (visit: Visit, answer: string) => this.events.publish(AppointmentConfirmed, this.of(visit), { appointment: { ...visit, participation: 'accepted' }, by: { kind: 'patient', practice: null }, answer });
  answerRefused = (visit: Visit, answer: string, why: 'superseded' | 'desk-decides' = 'superseded') => this.events.publish(AppointmentAnswerRefused, this.of(visit), { appointment: visit, answer, why });

  async request(patient: TestPatient, visits: readonly Visit[], over: Partial<EventWire<typeof MessageRequested>> = {}): Promise<string> {
    const id = newId();
    await this.events.publish(MessageRequested, { key: id, host: 'harbor', time: this.now }, {
      id, host: 'harbor', booking: visits[0]!.booking, patient: patient.id, subjects: visits.map((visit) => ({ kind: 'appointment' as const, id: visit.id, revision: visit.revision, step: 'text-3d' })), class: 'consented-care', template: 'visit-reminder',
      channels: ['sms', 'email'], expiresAt: new Date(this.now + 36 * 3_600_000).toISOString(), visitStart: visits[0]!.start, ...over,
    });
    return id;
  }
  outcomes = (request: string): string[] => this.events.gathered(MessageOutcomeRecorded).map(({ data }) => data).filter((data) => data.request === request).map(({ outcome, reason, channel }) => [outcome, reason, channel].filter(Boolean).join(' '));
  outcome = (request: string, wanted: string) => eventually(() => `${wanted} (now: ${this.outcomes(request).join(', ')})`, () => this.outcomes(request).includes(wanted));
  text = (phone: string, pattern: RegExp) => eventually(() => `a text to the patient like ${pattern} (there: ${this.twilio.to(phone).map(({ body }) => body).join(' | ')})`, () => this.twilio.to(phone).find(({ body }) => pattern.test(body)));
  answers = (appointment: string): EventData<typeof PatientAnswered>[] => this.events.gathered(PatientAnswered).map(({ data }) => data).filter(({ subject }) => subject.id === appointment);

  /** Twilio calls, with its signature over the public address. */
  async webhook(path: string, fields: Record<string, string>, signature?: string): Promise<number> {
    const signed = signature ?? twilio.getExpectedTwilioSignature(this.twilio.authToken, PUBLIC_URL + path, fields);
    const response = await fetch(`${await this.apps[0]!.getUrl()}${path}`, { method: 'POST', headers: { 'content-type': 'application/x-www-form-urlencoded', 'x-twilio-signature': signed }, body: new URLSearchParams(fields).toString() });
    return response.status;
  }
  says(patient: TestPatient, body: string, sid = `SM${randomBytes(16).toString('hex')}`, to = SENDER): Promise<number> {
    return this.webhook('/webhooks/twilio/inbound', { MessageSid: sid, From: patient.phone, To: to, Body: body, NumMedia: '0', SmsStatus: 'received' });
  }
  report(text: { sid: string; statusCallback: string }, status: string, more: Record<string, string> = {}): Promise<number> {
    return this.webhook(text.statusCallback.slice(PUBLIC_URL.length), { MessageSid: text.sid, MessageStatus: status, ...more });
  }

  async get(subject: string, path: string, headers: Readonly<Record<string, string>> = {}) {
    const response = await fetch(`${await this.apps[0]!.getUrl()}/api/notifications/v1${path}`, { headers: { ...headers, authorization: `Bearer ${await this.scheduling.identity.tokenFor(subject)}` } });
    return { status: response.status, body: JSON.parse(await response.text()) };
  }
  async send(method: 'POST' | 'PUT', subject: string, path: string, body: unknown, headers: Readonly<Record<string, string>> = {}) {
    const response = await fetch(`${await this.apps[0]!.getUrl()}/api/notifications/v1${path}`, { method, headers: { ...headers, 'content-type': 'application/json', authorization: `Bearer ${await this.scheduling.identity.tokenFor(subject)}` }, body: JSON.stringify(body) });
    return { status: response.status, body: JSON.parse(await response.text()) };
  }
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}
