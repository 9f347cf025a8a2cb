import { Logger } from '@nestjs/common';
import type { PracticeId } from '@slotmesh/kernel';
import { type UnitOfWork, isInfrastructureFailure, workerFor } from '@slotmesh/persistence';
import { continueTrace } from '@slotmesh/platform';
import type { Activity } from './activity';
import { reasonOf } from './failure';
import type { EventHandlers } from './handlers';
import type { EventKey, Inbox } from './inbox';
import { consumerRecords } from './metrics';
import type { ParkedHead, ParkingLot, ParkingPlace } from './parking-lot';
import { pause } from './pause';
import { backoffMs } from './sequence';
import type { MessagingSettings } from './settings';
import { readRecord } from './taken-record';

type Step = 'handled' | 'buried' | 'rests' | { readonly host: PracticeId | null };

/** Tries parked keys again in order: always the record at last + 1, then the ones behind it, with growing pauses, until it is dead (P11). */
export class RetryWorker {
  private readonly logger = new Logger('retry');
  private readonly stopping = new AbortController();
  private running: Promise<void> | null = null;

  constructor(
    private readonly settings: MessagingSettings,
    private readonly work: UnitOfWork,
    private readonly handlers: EventHandlers,
    private readonly inbox: Inbox,
    private readonly lot: ParkingLot,
    private readonly activity: Activity,
  ) {}

  start(): void {
    this.running ??= this.loop();
  }

  async stop(): Promise<void> {
    this.stopping.abort();
    await this.running;
  }

  private async loop(): Promise<void> {
    const { pollMs } = this.settings.retry;
    for (let failures = 0; !this.stopping.signal.aborted; ) {
      let found = 0;
      try {
        found = await this.tryDue();
        failures = 0;
      } catch (error) {
        failures++;
        this.logger.warn(`${isInfrastructureFailure(error) ? 'waits' : 'failed'}: ${error instanceof Error ? error.message : 'unknown'}`);
      }
      if (found === 0) await pause(Math.min(pollMs * 2 ** failures, 5_000), this.stopping.signal);
    }
  }

  /** Tries each due key once, and what stands behind it as far as it goes. Returns how many keys were due. */
  async tryDue(): Promise<number> {
    const keys = await this.work.run(workerFor(this.settings.service, null), (tx) => this.lot.due(tx, 20));
    for (const key of keys) await this.drain(key);
    return keys.length;
  }

  private async drain(key: EventKey): Promise<void> {
    let host: PracticeId | null = null;
    while (!this.stopping.signal.aborted) {
      const step = await this.activity.during(() => this.step(key, host));
      if (typeof step === 'object') host = step.host;
      else if (step === 'handled') this.activity.add(1);
      else return;
    }
  }

  private async step(key: EventKey, host: PracticeId | null): Promise<Step> {
    let head: ParkedHead | null = null;
    try {
      return await this.work.run(workerFor(this.settings.service, host), async (tx): Promise<Step> => {
        head = null;
        const { last } = await this.inbox.lock(tx, key, Number.MAX_SAFE_INTEGER);
        const found = await this.lot.at(tx, key, last + 1);
        if (!found) {
          await this.lot.releaseNext(tx, key, last);
          return 'rests';
        }
        if (found.state === 'dead' || !found.due) return 'rests';
        const record = readRecord(this.handlers, { topic: key.topic, partition: 0, offset: '0' }, found.record);
        if (record.kind !== 'readable') {
          await this.lot.failedAgain(tx, found.id, { state: 'dead', reason: record.reason, attempts: found.attempts, retryInMs: null });
          return 'buried';
        }
        if (record.event.host !== host) return { host: record.event.host };
        head = found;
        await continueTrace(record.event.traceparent, () => this.handlers.handle(record.event, tx));
        await this.inbox.setLast(tx, key, last + 1);
        await this.lot.releaseNext(tx, key, last + 1);
        return 'handled';
      }).then((step) => this.counted(step));
    } catch (error) {
      if (isInfrastructureFailure(error) || head === null) throw error;
      await this.failed(key, head, error);
      return 'rests';
    }
  }

  private counted(step: Step): Step {
    const consumer = this.settings.service;
    if (step === 'handled') consumerRecords.inc({ consumer, outcome: 'retried' });
    if (step === 'buried') consumerRecords.inc({ consumer, outcome: 'dead' });
    return step;
  }

  private async failed(key: EventKey, head: ParkedHead, error: unknown): Promise<void> {
    const { attempts: most, firstMs, maxMs } = this.settings.retry;
    const attempts = head.attempts + 1;
    const reason = reasonOf(error);
    const place: ParkingPlace = attempts >= most ? { state: 'dead', reason, attempts, retryInMs: null } : { state: 'waiting', reason, attempts, retryInMs: backoffMs(attempts, firstMs, maxMs) };
    await this.work.run(workerFor(this.settings.service, null), async (tx) => {
      const { last } = await this.inbox.lock(tx, key, Number.MAX_SAFE_INTEGER);
      const now = await this.lot.at(tx, key, last + 1);
      if (now?.id === head.id && now.attempts === head.attempts) await this.lot.failedAgain(tx, head.id, place);
    });
    consumerRecords.inc({ consumer: this.settings.service, outcome: place.state === 'dead' ? 'dead' : 'failed-again' });
    if (place.state === 'dead') this.logger.error(`dead after ${attempts} attempts ${key.topic} sequence ${head.sequence}: ${reason}`);
  }
}
