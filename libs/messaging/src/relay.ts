import { Logger } from '@nestjs/common';
import { type Message, Partitioners, type Producer } from 'kafkajs';
import type { Activity } from './activity';
import { type OutboxRow, headersOf } from './cloud-event';
import { createKafka } from './kafka-client';
import { relayFailures, relayedRecords } from './metrics';
import type { OutboxQueue } from './outbox-queue';
import { pause } from './pause';
import { backoffMs } from './sequence';
import type { MessagingSettings } from './settings';
import { fitting } from './shipment';

/**
 * Moves the outbox to Kafka: select, produce with acks=all, delete. A lane has one produce in flight, and nothing is deleted before the broker
 * acknowledged, so that a crash at any point repeats records (which inboxes drop) but never loses or overtakes one (P9).
 */
export class Relay {
  private readonly logger = new Logger('relay');
  private readonly producer: Producer;
  private readonly stopping = new AbortController();
  private readonly busy = new Set<number>();
  private readonly shipments = new Set<Promise<void>>();
  private leased: readonly number[] = [];
  private leaseEnds = 0;
  /** Shipments in a row that the broker did not acknowledge. */
  private failures = 0;
  private wake: (() => void) | null = null;
  private poked = false;
  private lastShipment = 0;
  private running: Promise<void> | null = null;

  constructor(private readonly settings: MessagingSettings, private readonly queue: OutboxQueue, private readonly activity: Activity) {
    this.producer = createKafka(settings, { initialRetryTime: 100, maxRetryTime: 500, retries: 2 }).producer({ createPartitioner: Partitioners.DefaultPartitioner, allowAutoTopicCreation: false });
  }

  start(): void {
    this.running ??= this.loop();
  }

  /** Something was committed: look at once. */
  poke(): void {
    this.poked = true;
    this.wake?.();
  }

  /** Ends after what is in flight; lanes are free for others at once. */
  async stop(): Promise<void> {
    if (this.stopping.signal.aborted) return this.running ?? undefined;
    this.stopping.abort();
    this.wake?.();
    await this.running;
    await Promise.all(this.shipments);
    await this.queue.release().catch(() => undefined);
    await this.producer.disconnect().catch(() => undefined);
  }

  private async loop(): Promise<void> {
    for (let failures = 0; !this.stopping.signal.aborted; ) {
      try {
        this.poked = false;
        await this.keepLease();
        if (await this.ship()) this.lastShipment = Date.now();
        else await this.rest(this.pollMs());
        await this.gather();
        failures = 0;
      } catch (error) {
        this.logger.warn(`waits for the database: ${error instanceof Error ? error.message : 'unknown'}`);
        await pause(backoffMs(++failures, 100, 3_000), this.stopping.signal);
      }
    }
  }

  private async keepLease(): Promise<void> {
    const { leaseMs } = this.settings.relay;
    if (Date.now() < this.leaseEnds - leaseMs * 0.6) return;
    const asked = Date.now();
    this.leased = await this.queue.lease(leaseMs);
    this.leaseEnds = asked + leaseMs;
  }

  /** Sends what stands in the lanes that have nothing in flight; false: there was nothing. */
  private async ship(): Promise<boolean> {
    const lanes = this.leased.filter((lane) => !this.busy.has(lane));
    if (lanes.length === 0) return false;
    const { rowsPerLane, bytesPerShipment } = this.settings.relay;
    const rows = fitting(await this.queue.read(lanes, rowsPerLane), bytesPerShipment);
    if (rows.length === 0) return false;
    const taken = [...new Set(rows.map(({ lane }) => lane))];
    taken.forEach((lane) => this.busy.add(lane));
    const shipment = this.activity.during(() => this.send(rows)).finally(() => {
      taken.forEach((lane) => this.busy.delete(lane));
      this.shipments.delete(shipment);
      this.poke();
    });
    this.shipments.add(shipment);
    return true;
  }

  private async send(rows: readonly OutboxRow[]): Promise<void> {
    try {
      await this.producer.connect();
      await this.producer.sendBatch({ acks: -1, topicMessages: [...byTopic(rows, this.settings.topicPrefix)].map(([topic, messages]) => ({ topic, messages })) });
      await this.queue.remove(rows.map(({ id }) => id));
      this.failures = 0;
      this.activity.add(rows.length);
      relayedRecords.inc(rows.length);
    } catch (error) {
      relayFailures.inc();
      this.logger.warn(`${rows.length} events stay in the outbox: ${error instanceof Error ? error.message : 'unknown'}`);
      // Why here: the lanes stay busy while we rest, so nothing is tried in vain.
      await pause(backoffMs(++this.failures, 100, 3_000), this.stopping.signal);
    }
  }

  /** Quick looks only while events flow: every process of every service asks the database this often, also at night. */
  private pollMs(): number {
    const { pollMs, idlePollMs } = this.settings.relay;
    return Date.now() - this.lastShipment < 50 * pollMs ? pollMs : idlePollMs;
  }

  /** Lets commits that come close together share a shipment: at a few hundred a second one each would cost more than all else. */
  private async gather(): Promise<void> {
    const wait = this.lastShipment + this.settings.relay.gatherMs - Date.now();
    if (wait > 0) await pause(wait, this.stopping.signal);
  }

  private rest(ms: number): Promise<void> {
    if (this.poked || this.stopping.signal.aborted) return Promise.resolve();
    return new Promise((resolve) => {
      const done = (): void => {
        clearTimeout(timer);
        this.wake = null;
        resolve();
      };
      const timer = setTimeout(done, ms);
      this.wake = done;
    });
  }
}

function byTopic(rows: readonly OutboxRow[], prefix: string): Map<string, Message[]> {
  const topics = new Map<string, Message[]>();
  for (const row of rows) {
    const message: Message = { key: row.key, value: row.payload, headers: headersOf(row) };
    const topic = prefix + row.topic;
    const messages = topics.get(topic);
    if (messages) messages.push(message);
    else topics.set(topic, [message]);
  }
  return topics;
}
