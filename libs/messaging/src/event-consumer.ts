import { Logger } from '@nestjs/common';
import { isInfrastructureFailure } from '@slotmesh/persistence';
import type { Consumer, EachBatchPayload, IHeaders, KafkaMessage } from 'kafkajs';
import type { Activity } from './activity';
import type { RawRecord } from './cloud-event';
import type { EventHandlers } from './handlers';
import { createKafka } from './kafka-client';
import type { KeyRunner } from './key-runner';
import { Limiter } from './limiter';
import { OffsetCommitter } from './offset-committer';
import { pause } from './pause';
import type { MessagingSettings } from './settings';
import { type TakenRecord, readRecord, shareOut } from './taken-record';

/** Reads the topics of all handlers as one consumer group and gives each key's records to the KeyRunner; lanes by key run side by side. */
export class EventConsumer {
  private readonly logger = new Logger('events');
  private readonly limiter: Limiter;
  private readonly stopping = new AbortController();
  private readonly resumes = new Set<NodeJS.Timeout>();
  private readonly offsets = new OffsetCommitter();
  private consumer: Consumer | null = null;
  private joined = false;
  private keysTogether = 1;

  constructor(private readonly settings: MessagingSettings, private readonly handlers: EventHandlers, private readonly runner: KeyRunner, private readonly activity: Activity) {
    this.limiter = new Limiter(settings.consumer.lanes);
  }

  get groupId(): string {
    return `${this.settings.topicPrefix}${this.settings.service}`;
  }
  /** Physical names of the topics it reads. */
  get topics(): string[] {
    return this.handlers.topics.map((topic) => this.settings.topicPrefix + topic);
  }
  /** Whether it has joined its group since it was started. */
  get hasJoined(): boolean {
    return this.joined || this.topics.length === 0;
  }

  /**
   * Goes on trying until the broker answers; returns when the consumer runs or was stopped. `keysTogether`: keys that share a transaction at most, for when nobody waits for a single one.
   */
  async start({ keysTogether = 1 }: { readonly keysTogether?: number } = {}): Promise<void> {
    this.keysTogether = keysTogether;
    const { consumer: own } = this.settings;
    for (let attempt = 0; !this.stopping.signal.aborted && this.topics.length > 0; attempt++) {
      const kafka = createKafka(this.settings, { initialRetryTime: 200, maxRetryTime: 2_000, retries: 8, restartOnFailure: async () => true });
      const consumer = kafka.consumer({ groupId: this.groupId, maxWaitTimeInMs: own.maxWaitMs, sessionTimeout: own.sessionMs, heartbeatInterval: own.heartbeatMs, rebalanceTimeout: 2 * own.sessionMs, allowAutoTopicCreation: false });
      consumer.on(consumer.events.GROUP_JOIN, () => {
        this.joined = true;
        this.offsets.forget();
      });
      consumer.on(consumer.events.CRASH, ({ payload }) => {
        if (payload.restart || this.stopping.signal.aborted) return;
        this.logger.error(`the consumer has ended and does not start again: ${payload.error.message}`);
        this.settings.onFatal(payload.error);
      });
      try {
        await consumer.connect();
        await consumer.subscribe({ topics: this.topics, fromBeginning: true });
        this.consumer = consumer;
        await consumer.run({ autoCommit: false, eachBatchAutoResolve: false, partitionsConsumedConcurrently: own.lanes, eachBatch: (payload) => this.activity.during(() => this.take(payload)) });
        return;
      } catch (error) {
        this.consumer = null;
        await consumer.disconnect().catch(() => undefined);
        this.logger.warn(`waits for the broker: ${error instanceof Error ? error.message : 'unknown'}`);
        await pause(Math.min(200 * 2 ** attempt, 5_000), this.stopping.signal);
      }
    }
  }

  async stop(): Promise<void> {
    this.stopping.abort();
    this.resumes.forEach((timer) => clearTimeout(timer));
    await this.offsets.stop();
    await this.consumer?.disconnect();
  }

  private async take(payload: EachBatchPayload): Promise<void> {
    const { batch, resolveOffset, commitOffsetsIfNecessary, isRunning, isStale } = payload;
    const topic = batch.topic.slice(this.settings.topicPrefix.length);
    const lanes = new Map<string, TakenRecord[]>();
    for (const message of batch.messages) {
      const record = readRecord(this.handlers, { topic, partition: batch.partition, offset: message.offset }, rawOf(message));
      const lane = lanes.get(record.key);
      if (lane) lane.push(record);
      else lanes.set(record.key, [record]);
    }
    const beat = new Heartbeat(payload.heartbeat, this.settings.consumer.heartbeatMs);
    let failure: unknown = null;
    const goesOn = (): boolean => failure === null && beat.failure === null && isRunning() && !isStale() && !this.stopping.signal.aborted;
    const shares = shareOut([...lanes.values()], { most: this.keysTogether, length: this.settings.consumer.runLength });
    let left = shares.length;
    await Promise.all(
      shares.map((keys) =>
        this.limiter.run(async () => {
          if (!goesOn()) return;
          try {
            await this.runner.takeTogether(keys);
            this.activity.add(keys.reduce((sum, records) => sum + records.length, 0));
            left--;
          } catch (error) {
            failure ??= error;
          }
        }),
      ),
    ).finally(() => beat.stop());
    if (failure !== null) this.rest(payload, failure);
    if (beat.failure !== null) throw beat.failure;
    if (left > 0) return;
    resolveOffset(batch.lastOffset());
    this.offsets.done(batch.topic, batch.partition, BigInt(batch.lastOffset()) + 1n, commitOffsetsIfNecessary);
  }

  /** Nothing is resolved: when the partition goes on, the same records come again and those already handled are duplicates. */
  private rest({ batch, pause: pausePartition }: EachBatchPayload, failure: unknown): void {
    const text = failure instanceof Error ? failure.message : 'unknown';
    if (isInfrastructureFailure(failure)) this.logger.warn(`${batch.topic}[${batch.partition}] pauses: ${text}`);
    else this.logger.error(`${batch.topic}[${batch.partition}] pauses, because a record could be neither handled nor parked: ${text}`);
    const resume = pausePartition();
    const timer = setTimeout(() => {
      this.resumes.delete(timer);
      resume();
    }, this.settings.consumer.pauseMs);
    this.resumes.add(timer);
  }
}

/** Keeps the membership alive while handlers work; remembers when the group wants to rebalance, so that the batch ends early. */
class Heartbeat {
  failure: unknown = null;
  private readonly timer: NodeJS.Timeout;

  constructor(beat: () => Promise<void>, everyMs: number) {
    this.timer = setInterval(() => {
      beat().catch((error: unknown) => {
        this.failure ??= error;
        this.stop();
      });
    }, everyMs);
  }

  stop(): void {
    clearInterval(this.timer);
  }
}

function rawOf(message: KafkaMessage): RawRecord {
  return { key: message.key?.toString('utf8') ?? null, value: message.value, headers: textHeaders(message.headers ?? {}) };
}

function textHeaders(headers: IHeaders): Record<string, string> {
  const text: Record<string, string> = {};
  for (const [name, value] of Object.entries(headers)) {
    const first = Array.isArray(value) ? value[0] : value;
    if (first !== undefined) text[name] = typeof first === 'string' ? first : first.toString('utf8');
  }
  return text;
}
