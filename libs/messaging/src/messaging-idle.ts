import type { Admin } from 'kafkajs';
import type { Activity } from './activity';
import type { EventConsumer } from './event-consumer';
import { createKafka } from './kafka-client';
import type { OutboxQueue } from './outbox-queue';
import type { MessagingSettings } from './settings';

/** Tells whether all events that exist have been taken: outbox empty, group at the ends of its partitions, nothing in flight. Parked records do not count. */
export class MessagingIdle {
  private readonly admin: Admin;
  private connected: Promise<void> | null = null;

  constructor(private readonly settings: MessagingSettings, private readonly queue: OutboxQueue, private readonly consumer: EventConsumer, private readonly activity: Activity) {
    this.admin = createKafka(settings, { retries: 1 }).admin();
  }

  async state(): Promise<{ idle: boolean; activity: number }> {
    // Why in this order: a record moves outbox -> Kafka -> handler -> outbox, so what is asked first could only have moved on to what is asked later.
    const empty = await this.queue.isEmpty();
    const behind = empty && this.settings.role !== 'api' ? sum(await this.lag()) : 0;
    const emptyStill = empty && behind === 0 && (await this.queue.isEmpty());
    return { idle: emptyStill && this.activity.inFlight === 0, activity: this.activity.done };
  }

  /** Records between the committed offsets of the group and the ends, by physical topic. */
  async lag(): Promise<Map<string, number>> {
    const { topics, groupId } = this.consumer;
    if (topics.length === 0) return new Map();
    await this.connect();
    const committed = await this.admin.fetchOffsets({ groupId, topics });
    const lags = await Promise.all(
      topics.map(async (topic) => {
        const ends = await this.admin.fetchTopicOffsets(topic);
        const own = new Map(committed.find((entry) => entry.topic === topic)?.partitions.map(({ partition, offset }) => [partition, Number(offset)]));
        return [topic, ends.reduce((total, { partition, low, high }) => total + Math.max(Number(high) - Math.max(own.get(partition) ?? -1, Number(low)), 0), 0)] as const;
      }),
    );
    return new Map(lags);
  }

  async stop(): Promise<void> {
    if (this.connected) await this.admin.disconnect().catch(() => undefined);
  }

  private connect(): Promise<void> {
    this.connected ??= this.admin.connect().catch((error: unknown) => {
      this.connected = null;
      throw error;
    });
    return this.connected;
  }
}

const sum = (lags: ReadonlyMap<string, number>): number => [...lags.values()].reduce((total, lag) => total + lag, 0);
