import { Logger } from '@nestjs/common';
import { type Clock } from '@slotmesh/kernel';
import { type Tx, type UnitOfWork, isInfrastructureFailure, workerFor } from '@slotmesh/persistence';
import { continueTrace } from '@slotmesh/platform';
import { reasonOf } from './failure';
import type { EventHandlers } from './handlers';
import type { Inbox } from './inbox';
import { type RecordOutcome, consumerRecords, endToEnd } from './metrics';
import type { ParkingLot } from './parking-lot';
import { backoffMs, decide, isContiguous } from './sequence';
import type { MessagingSettings } from './settings';
import { type BrokenRecord, type ReadableRecord, type StrayRecord, type TakenRecord, cutIntoRuns } from './taken-record';

/** Takes the records of one key in order: handled once, or parked. Throws only where infrastructure fails. */
export class KeyRunner {
  private readonly logger = new Logger('events');

  constructor(
    private readonly settings: MessagingSettings,
    private readonly work: UnitOfWork,
    private readonly handlers: EventHandlers,
    private readonly inbox: Inbox,
    private readonly lot: ParkingLot,
    private readonly clock: Clock,
  ) {}

  async take(records: readonly TakenRecord[]): Promise<void> {
    for (const record of records) if (this.isPassedBy(record)) this.count('skipped', record);
    for (const run of cutIntoRuns(records.filter((record) => !this.isPassedBy(record)), this.settings.consumer.runLength)) {
      if ('kind' in run) await (run.kind === 'broken' ? this.bury(run, run.sequence) : this.bury(run, strayNumber(run)));
      else await this.takeRun(run);
    }
  }

  /** The keys of a share (see shareOut) in one transaction, for when nobody waits for a single one. Where that fails, key by key: one that fails holds up no other. */
  async takeTogether(keys: readonly (readonly TakenRecord[])[]): Promise<void> {
    if (keys.length > 1 && (await this.tookAtOnce(keys))) return;
    for (const records of keys) await this.take(records);
  }

  /** False: something of it failed, and nothing of it is kept. */
  private async tookAtOnce(keys: readonly (readonly TakenRecord[])[]): Promise<boolean> {
    const runs = keys.map((records) => records.filter((record): record is ReadableRecord => record.kind === 'readable' && !this.isPassedBy(record))).filter((run) => run.length > 0);
    const first = runs[0]?.[0];
    if (first === undefined) return false;
    try {
      const outcomes = await this.work.run(workerFor(this.settings.service, first.event.host), async (tx) => {
        const of: RecordOutcome[][] = [];
        for (const run of runs) of.push(await this.takeInside(tx, run));
        return of;
      });
      runs.forEach((run, index) => run.forEach((record, at) => this.count(outcomes[index]![at]!, record)));
      for (const records of keys) for (const record of records) if (this.isPassedBy(record)) this.count('skipped', record);
      return true;
    } catch (error) {
      if (isInfrastructureFailure(error)) throw error;
      return false;
    }
  }

  private isPassedBy(record: TakenRecord): boolean {
    return record.kind === 'readable' && this.handlers.passesBy(record.event);
  }

  private async takeRun(run: readonly ReadableRecord[]): Promise<void> {
    const [first] = run;
    if (!first) return;
    try {
      const outcomes = await continueTrace(first.event.traceparent, () => this.work.run(workerFor(this.settings.service, first.event.host), (tx) => this.takeInside(tx, run)));
      outcomes.forEach((outcome, index) => this.count(outcome, run[index]!));
    } catch (error) {
      if (isInfrastructureFailure(error)) throw error;
      // Why one by one: those before the failing record must keep their effect.
      if (run.length > 1) for (const record of run) await this.takeRun([record]);
      else await this.park(first, error);
    }
  }

  private async takeInside(tx: Tx, run: readonly ReadableRecord[]): Promise<RecordOutcome[]> {
    const { topic, key, sequence: from } = run[0]!.event;
    const at = { topic, key };
    const outcomeOf = ({ event }: ReadableRecord): RecordOutcome => (this.handlers.handles(event.type) ? 'handled' : 'skipped');
    if (isContiguous(run.map(({ event }) => event.sequence)) && (await this.inbox.advanceInOrder(tx, at, from, from + run.length - 1))) {
      for (const { event } of run) await this.handlers.handle(event, tx);
      return run.map(outcomeOf);
    }
    const state = await this.inbox.lock(tx, at, Math.min(...run.map(({ event }) => event.sequence)) - 1);
    const parked = new Set(state.parked);
    const outcomes: RecordOutcome[] = [];
    let { last } = state;
    for (const record of run) {
      const decision = decide(record.event.sequence, { last, parked });
      if (decision === 'run') {
        await this.handlers.handle(record.event, tx);
        last = record.event.sequence;
        outcomes.push(outcomeOf(record));
      } else if (decision === 'duplicate') outcomes.push('duplicate');
      else {
        const reason = decision === 'gap' ? `gap: ${last + 1} has not come` : 'behind a parked record of its key';
        await this.lot.park(tx, parkedOf(record, record.event.sequence), { state: 'waiting', reason, attempts: 0, retryInMs: null });
        parked.add(record.event.sequence);
        outcomes.push(decision === 'gap' ? 'gap' : 'parked');
      }
    }
    if (last > state.last) {
      await this.inbox.setLast(tx, at, last);
      await this.lot.releaseNext(tx, at, last);
    }
    return outcomes;
  }

  private async park(record: ReadableRecord, error: unknown): Promise<void> {
    const { event } = record;
    const reason = reasonOf(error);
    const { attempts, firstMs, maxMs } = this.settings.retry;
    const place = attempts <= 1 ? ({ state: 'dead', reason, attempts: 1, retryInMs: null } as const) : ({ state: 'waiting', reason, attempts: 1, retryInMs: backoffMs(1, firstMs, maxMs) } as const);
    const parked = await this.work.run(workerFor(this.settings.service, event.host), async (tx) => {
      const state = await this.inbox.lock(tx, event, event.sequence - 1);
      return decide(event.sequence, state) === 'run' && (await this.lot.park(tx, parkedOf(record, event.sequence), place));
    });
    // Why only where it was parked: another process may have handled it in the meantime.
    this.count(parked ? (place.state === 'dead' ? 'dead' : 'parked') : 'duplicate', record);
    if (parked) this.logger.warn(`parked ${describe(record)}: ${reason}`);
  }

  private async bury(record: BrokenRecord | StrayRecord, sequence: number): Promise<void> {
    const parked = await this.work.run(workerFor(this.settings.service, null), async (tx) => {
      const state = await this.inbox.lock(tx, { topic: record.place.topic, key: record.key }, sequence - 1);
      const decision = sequence > 0 ? decide(sequence, state) : 'run';
      if (decision === 'duplicate') return null;
      await this.lot.park(tx, { ...parkedOf(record, sequence), type: record.type, host: record.host }, { state: 'dead', reason: record.reason, attempts: 0, retryInMs: null });
      return decision;
    });
    if (parked === 'gap') this.count('gap', record);
    this.count(parked ? 'dead' : 'duplicate', record);
    if (parked) this.logger.error(`dead at once ${describe(record)}: ${record.reason}`);
  }

  private count(outcome: RecordOutcome, record: TakenRecord): void {
    const consumer = this.settings.service;
    consumerRecords.inc({ consumer, outcome });
    if (outcome === 'gap') {
      if (record.kind === 'readable') consumerRecords.inc({ consumer, outcome: 'parked' });
      this.logger.error(`gap before ${describe(record)}`);
    }
    if (outcome === 'handled' && record.kind === 'readable') endToEnd.observe({ topic: record.event.topic }, Math.max(this.clock.now() - record.event.time, 0) / 1000);
  }
}

const describe = ({ place, record }: TakenRecord): string => `${place.topic}[${place.partition}]@${place.offset} ${record.headers.ce_type ?? 'without type'} sequence ${record.headers.ce_sequence ?? 'unknown'}`;

/** Below zero and unique per partition: beside the order of any key. */
const strayNumber = ({ place }: StrayRecord): number => -(Number(place.offset) * 1000 + place.partition) - 1;

const parkedOf = (record: TakenRecord, sequence: number) => ({
  topic: record.place.topic, key: record.key, sequence, partition: record.place.partition, offset: record.place.offset,
  type: record.kind === 'readable' ? record.event.type : record.type, host: record.kind === 'readable' ? record.event.host : record.host, record: record.record,
});
