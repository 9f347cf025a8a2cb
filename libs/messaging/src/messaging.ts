import { hostname } from 'node:os';
import { type Clock, newId } from '@slotmesh/kernel';
import type { Tx, UnitOfWork } from '@slotmesh/persistence';
import type { DataSource } from 'typeorm';
import { Activity } from './activity';
import { EventConsumer } from './event-consumer';
import { EventHandlers } from './handlers';
import { Inbox } from './inbox';
import { KeyRunner } from './key-runner';
import { MessagingIdle } from './messaging-idle';
import { consumerLag, outboxOldestAge, outboxPending, parkedEvents, refreshBeforeScrape } from './metrics';
import { OutboxQueue } from './outbox-queue';
import { ParkingLot } from './parking-lot';
import { rebuild } from './rebuild';
import { Relay } from './relay';
import { RetryWorker } from './retry-worker';
import type { MessagingSettings } from './settings';

/** The parts of one service's messaging, wired; also usable without Nest. */
export class Messaging {
  readonly handlers = new EventHandlers();
  readonly inbox: Inbox;
  readonly lot: ParkingLot;
  readonly idle: MessagingIdle;
  private readonly activity = new Activity();
  private readonly queue: OutboxQueue;
  private readonly relay: Relay;
  private readonly consumer: EventConsumer;
  private readonly retry: RetryWorker;
  private readonly undo: (() => void)[] = [];
  private started = false;
  private ended: Promise<void> | null = null;

  constructor(readonly settings: MessagingSettings, private readonly work: UnitOfWork, private readonly database: DataSource, clock: Clock) {
    const { service } = settings;
    this.inbox = new Inbox(service);
    this.lot = new ParkingLot(service);
    this.queue = new OutboxQueue(database, `${service}@${hostname()}:${process.pid}:${newId().slice(-12)}`);
    this.relay = new Relay(settings, this.queue, this.activity);
    this.consumer = new EventConsumer(settings, this.handlers, new KeyRunner(settings, work, this.handlers, this.inbox, this.lot, clock), this.activity);
    this.retry = new RetryWorker(settings, work, this.handlers, this.inbox, this.lot, this.activity);
    this.idle = new MessagingIdle(settings, this.queue, this.consumer, this.activity);
  }

  /** Whether this process has started to take events. */
  get consumes(): boolean {
    return this.started;
  }

  startRelay(): void {
    this.undo.push(this.work.onEventsCommitted(() => this.relay.poke()), refreshBeforeScrape(() => this.measure()));
    this.relay.start();
  }

  /** Starts to take events, where the role says so; call after all handlers are known. Does not wait for the broker. */
  async start(): Promise<void> {
    this.started = true;
    if (this.settings.role === 'api') return;
    void this.consumer.start();
    this.retry.start();
  }

  /** Instead of `start`, in a process of its own while the service stands still: see `rebuild`. Ends with everything read; then `stop`. */
  async rebuild(empty: (tx: Tx) => Promise<void>): Promise<void> {
    this.started = true;
    await rebuild({ settings: this.settings, work: this.work, consumer: this.consumer, retry: this.retry, handlers: this.handlers, idle: this.idle }, empty);
  }

  /** Ends the consumer first, then the relay, so that what the last handlers published still leaves. */
  stop(): Promise<void> {
    this.ended ??= (async () => {
      await Promise.all([this.consumer.stop(), this.retry.stop()]);
      await this.relay.stop();
      await this.idle.stop();
      await this.queue.close();
      this.undo.forEach((undo) => undo());
    })();
    return this.ended;
  }

  /** Throws until the consumer has joined its group. */
  requireReady(): void {
    if (this.settings.role !== 'api' && !this.consumer.hasJoined) throw new Error('the event consumer has not joined its group yet');
  }

  private async measure(): Promise<void> {
    const { pending, oldestSeconds } = await this.queue.measure();
    outboxPending.set(pending);
    outboxOldestAge.set(oldestSeconds);
    const consumer = this.settings.service;
    const parked: { state: string; n: string }[] = await this.database.query('SELECT state, count(*) AS n FROM parked_event WHERE consumer = $1 GROUP BY state', [consumer]);
    for (const state of ['waiting', 'dead']) parkedEvents.set({ consumer, state }, Number(parked.find((row) => row.state === state)?.n ?? 0));
    if (this.settings.role === 'api') return;
    for (const [topic, lag] of await this.idle.lag()) consumerLag.set({ consumer, topic: topic.slice(this.settings.topicPrefix.length) }, lag);
  }
}
