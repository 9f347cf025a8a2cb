import { SystemClock, type PracticeId } from '@slotmesh/kernel';
import { type Tx, UnitOfWork, createDataSource, eventOf, workerFor } from '@slotmesh/persistence';
import type { DataSource } from 'typeorm';
import { Messaging } from '../messaging';
import type { Received } from '../received';
import { type MessagingOptions, messagingSettings } from '../settings';
import { Echoed, Ticked } from './ticks';

export interface CountingSettings {
  readonly service: string;
  readonly workerUrl: string;
  readonly brokers: readonly string[];
  readonly topicPrefix: string;
  readonly role?: 'api' | 'worker' | 'all';
  readonly options?: MessagingOptions;
  readonly poolSize?: number;
}

export const HOST = 'harbor' as PracticeId;

/** A service with nothing but events: publishes ticks, takes ticks, echoes them. */
export class CountingService {
  readonly clock = new SystemClock();
  readonly database: DataSource;
  readonly work: UnitOfWork;
  readonly messaging: Messaging;

  constructor(private readonly settings: CountingSettings) {
    const { service, workerUrl, brokers, topicPrefix, role = 'all', options, poolSize = 12 } = settings;
    this.database = createDataSource({ url: workerUrl, poolSize, applicationName: service });
    this.work = new UnitOfWork({ source: service, app: this.database, worker: this.database, clock: this.clock });
    this.messaging = new Messaging(messagingSettings({ service, brokers, topicPrefix, role }, options), this.work, this.database, this.clock);
  }

  async open(): Promise<this> {
    await this.database.initialize();
    return this;
  }

  startRelay(): void {
    this.messaging.startRelay();
  }

  /** Takes ticks: one effect and, unless told otherwise, one echo each. `before` may throw to make a record fail. */
  async consume(before: (event: Received<typeof Ticked>, tx: Tx) => Promise<void> | void = () => undefined, echoes = true): Promise<void> {
    this.handle(before, echoes);
    await this.messaging.start();
  }

  handle(before: (event: Received<typeof Ticked>, tx: Tx) => Promise<void> | void = () => undefined, echoes = true): void {
    this.messaging.handlers.add(Ticked, async (received, tx) => {
      const event = { ...received, data: Ticked.schema.parse(received.data) };
      await before(event, tx);
      await this.record(tx, event.topic, event.key, event.data.n);
      if (echoes) tx.outbox.add(eventOf(Echoed, { key: event.key, host: event.host }, { n: event.data.n }));
    });
  }

  async record(tx: Tx, topic: string, key: string, n: number): Promise<void> {
    await tx.execute('INSERT INTO effect (topic, key, n, tenant) VALUES ($1, $2, $3, $4)', [topic, key, n, tx.actor.practice]);
  }

  /** Publishes the given ticks of a key in one transaction. */
  async tick(key: string, ...numbers: number[]): Promise<void> {
    await this.work.run(workerFor(this.settings.service, HOST), async (tx) => {
      for (const n of numbers) tx.outbox.add(eventOf(Ticked, { key, host: HOST }, { n }));
    });
  }

  async effects(): Promise<Map<string, number[]>> {
    const rows: { key: string; n: number }[] = await this.database.query('SELECT key, n FROM effect ORDER BY position');
    const byKey = new Map<string, number[]>();
    for (const { key, n } of rows) byKey.set(key, [...(byKey.get(key) ?? []), n]);
    return byKey;
  }

  async close(): Promise<void> {
    await this.messaging.stop();
    if (this.database.isInitialized) await this.database.destroy();
  }
}
