import type { MicroserviceOptions } from '@nestjs/microservices';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { AppointmentAnswerRefused, AppointmentBooked, AppointmentCallAsked, AppointmentCallWithdrawn, AppointmentCancelled, AppointmentConfirmed, AppointmentRescheduled, AppointmentStatusChanged, CallListEntryClosed, CallListEntryOpened, ContactPreferencesChanged, type EventData, type EventWire, MessageOutcomeRecorded, MessageRequested, PatientErased, PatientRecorded, RecallChanged, RecallClosed, RecallRecorded, ReminderFailed, ReminderFailureWithdrawn, VisitTypeDefined, appointmentSnapshot } from '@slotmesh/contracts';
import { Clock, type Instant, MovableClock, type Zone, addDays, formatInstant, instantOf, localDateOf, newId, parseLocalTime, parseZone, plusMs } from '@slotmesh/kernel';
import { UnitOfWork, workerFor } from '@slotmesh/persistence';
import { EVENT_STRATEGY, Idleness, createApplication, loadConfig } from '@slotmesh/platform';
import { type IdentityStandIn, type NeighbourEvents, type TestDatabase, type TestTopics, eventually, freshDatabase, freshTopics, identityStandIn, neighbourEvents } from '@slotmesh/testing';
import type { z } from 'zod';
import { AppModule } from '../src/app.module';
import { remindersConfig } from '../src/config';
import { migrations } from '../src/migrations';

type Visit = z.input<typeof appointmentSnapshot>;
type Initiator = EventWire<typeof AppointmentBooked>['by'];
export const newYork = parseZone('America/New_York');
export const desk: Initiator = { kind: 'booking', practice: 'harbor' };

/** Reminders as it runs, on a database and topics of its own, with neighbours that publish and a clock that can be moved. */
export class RunningReminders {
  private constructor(readonly database: TestDatabase, readonly topics: TestTopics, readonly identity: IdentityStandIn, readonly events: NeighbourEvents, readonly apps: NestFastifyApplication[]) {}

  static async start(options: { processes?: number; role?: 'all' | 'api' } = {}): Promise<RunningReminders> {
    const [database, topics, identity] = await Promise.all([freshDatabase('reminders', migrations), freshTopics(), identityStandIn()]);
    for (const practice of ['harbor', 'summit']) {
      for (const who of ['frontdesk', 'second']) identity.people.set(`${who}@${practice}.example`, { practice, roles: ['front-desk'] });
    }
    identity.people.set('clinician@summit.example', { practice: 'summit', roles: ['clinician'] });
    for (const practice of ['summit', 'desert']) identity.people.set(`manager@${practice}.example`, { practice, roles: ['manager'] });
    const events = await neighbourEvents(topics, [MessageRequested, CallListEntryOpened, CallListEntryClosed, RecallRecorded, RecallChanged, RecallClosed, ReminderFailed, ReminderFailureWithdrawn]);
    const running = new RunningReminders(database, topics, identity, events, []);
    for (let n = 0; n < (options.processes ?? 1); n++) await running.startProcess(options.role ?? 'all');
    return running;
  }

  async startProcess(role: 'all' | 'api'): Promise<void> {
    const config = loadConfig(remindersConfig, {
      ...this.identity.environment, MODE: 'sandbox', PUBLIC_URL: 'http://localhost', PORT: '0', OPS_PORT: '0', LOG_LEVEL: 'silent', ROLE: role, DATABASE_POOL_SIZE: '6',
      DATABASE_APP_URL: this.database.appUrl, DATABASE_WORKER_URL: this.database.workerUrl, KAFKA_BROKERS: this.topics.brokers.join(','), KAFKA_TOPIC_PREFIX: this.topics.prefix,
    });
    const app = await createApplication(AppModule.forRoot(config));
    app.connectMicroservice<MicroserviceOptions>({ strategy: app.get(EVENT_STRATEGY, { strict: false }) }, { inheritAppConfig: false });
    await app.startAllMicroservices();
    await app.listen(0, '127.0.0.1');
    this.apps.push(app);
  }

  async stop(): Promise<void> {
    await Promise.all(this.apps.map((app) => app.close()));
    await Promise.all([this.events.stop(), this.identity.stop()]);
    await Promise.all([this.database.drop(), this.topics.drop()]);
  }

  get now(): Instant {
    return this.clocks[0]!.now();
  }

  moveTo(at: Instant): void {
    for (const clock of this.clocks) clock.moveTo(clock.offset + Math.max(at - clock.now(), 0));
  }

  async settled(): Promise<void> {
    await eventually('reminders is idle', async () => (await Promise.all(this.apps.map((app) => app.get(Idleness).state()))).every((state) => state.idle), 60);
  }

  /** 10:00, so many days from today, in the zone. */
  tenOClock(days: number, zone: Zone = newYork): Instant {
    return instantOf(addDays(localDateOf(this.now, zone), days), parseLocalTime('10:00'), zone);
  }

  visit(over: Partial<Visit> = {}): Visit {
    const start = this.tenOClock(8) + 5 * 3_600_000;
    return {
      id: newId(), revision: 1, status: 'booked', participation: 'needs-action', host: 'summit', booking: 'harbor', patient: newId(), bookingPatient: newId(), site: newId(), provider: newId(), visitType: newId(),
      service: 'dermatology-consult', modality: 'in-person', start: new Date(start).toISOString(), end: new Date(start + 1_800_000).toISOString(), zone: 'America/Denver', bookedAt: formatInstant(this.now), ...over,
    };
  }

  async patient(id: string, over: Partial<EventWire<typeof PatientRecorded>> = {}): Promise<void> {
    const sealed = 'x'.repeat(40);
    const point = (channel: 'sms' | 'email') => ({ channel, index: 'i'.repeat(43), sealed, consented: true });
    await this.events.publish(PatientRecorded, { key: id, host: 'summit', time: this.now }, { id, practice: 'summit', language: 'en', zone: newYork, givenName: sealed, contactPoints: [point('sms'), point('email')], needs: [], deceased: false, ...over });
  }

  async preferences(patient: string, over: Partial<EventWire<typeof ContactPreferencesChanged>>): Promise<void> {
    await this.events.publish(ContactPreferencesChanged, { key: patient, host: 'summit', time: plusMs(this.now, 1) }, { patient, practice: 'summit', zone: newYork, language: 'en', quietFrom: '21:00', quietUntil: '08:00', channels: ['sms', 'email'], ...over });
  }

  visitType = (id: string, practice = 'summit') => this.events.publish(VisitTypeDefined, { key: id, host: practice, time: this.now }, { id, practice, service: 'skin-check', name: 'Skin check', durationMinutes: 30, modality: 'in-person' });
  erase = (patient: string) => this.events.publish(PatientErased, { key: patient, host: 'summit', time: this.now }, { id: patient, practice: 'summit' });

  private at(visit: Visit) {
    return { key: visit.id, host: visit.host, booking: visit.booking, time: this.now };
  }
  book = (visit: Visit, by: Initiator = desk) => this.events.publish(AppointmentBooked, this.at(visit), { appointment: visit, by });
  move = (visit: Visit, previous: Visit, by: Initiator) => this.events.publish(AppointmentRescheduled, this.at(visit), { appointment: visit, by, previousStart: previous.start, previousEnd: previous.end });
  cancel = (visit: Visit, by: Initiator) => this.events.publish(AppointmentCancelled, this.at(visit), { appointment: visit, by, reason: 'asked', answer: null });
  confirm = (visit: Visit) => this.events.publish(AppointmentConfirmed, this.at(visit), { appointment: { ...visit, participation: 'accepted' }, by: { kind: 'patient', practice: null }, answer: null });
  refuseCancel = (visit: Visit) => this.events.publish(AppointmentAnswerRefused, this.at(visit), { appointment: visit, answer: newId(), why: 'desk-decides' });
  askForCall = (visit: Visit, proposals: EventWire<typeof AppointmentCallAsked>['proposals']) => this.events.publish(AppointmentCallAsked, this.at(visit), { appointment: visit, by: desk, reason: 'absence', proposals });
  withdrawCall = (visit: Visit) => this.events.publish(AppointmentCallWithdrawn, this.at(visit), { appointment: visit, by: desk, reason: 'absence' });
  goOn = (visit: Visit, previous: Visit['status']) => this.events.publish(AppointmentStatusChanged, this.at(visit), { appointment: visit, by: desk, previous });

  async outcome(request: EventData<typeof MessageRequested>, outcome: EventWire<typeof MessageOutcomeRecorded>['outcome'], reason: string | null = null): Promise<void> {
    const [subject] = request.subjects;
    await this.events.publish(MessageOutcomeRecorded, { key: request.id, host: request.host, time: this.now }, { id: request.id, request: request.id, host: request.host, patient: request.patient, subject: subject!, channel: 'sms', outcome, reason, at: formatInstant(this.now) });
  }

  requestsOf = (appointment: string) => this.events.gathered(MessageRequested).map(({ data }) => data).filter((data) => data.subjects.some((subject) => subject.id === appointment));
  stepsOf = (appointment: string) => this.requestsOf(appointment).flatMap((data) => data.subjects.map((subject) => `${subject.step}@${subject.revision}`)).sort();

  async http(subject: string, method: 'GET' | 'POST' | 'PUT' | 'DELETE', path: string, body?: object, headers: Readonly<Record<string, string>> = {}) {
    const response = await fetch(`${await this.apps[0]!.getUrl()}${path}`, {
      method, headers: { ...headers, authorization: `Bearer ${await this.identity.tokenFor(subject)}`, ...(body ? { 'content-type': 'application/json' } : {}) }, ...(body ? { body: JSON.stringify(body) } : {}),
    });
    const text = await response.text();
    return { status: response.status, etag: response.headers.get('etag'), body: text === '' ? null : JSON.parse(text) };
  }

  rows<T extends object>(text: string, values: readonly unknown[] = []): Promise<T[]> {
    return this.apps[0]!.get(UnitOfWork).run(workerFor('test', null), (tx) => tx.query<T>(text, values));
  }

  private get clocks(): MovableClock[] {
    return this.apps.map((app) => app.get(Clock)).filter((clock) => clock instanceof MovableClock);
  }
}
