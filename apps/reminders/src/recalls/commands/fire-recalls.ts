import { Injectable } from '@nestjs/common';
import { MessageRequested } from '@slotmesh/contracts';
import { DAY, type Instant, type MessageRequestId, formatInstant, newId, plusMs } from '@slotmesh/kernel';
import { type Tx, UnitOfWork, eventOf, workerFor } from '@slotmesh/persistence';
import { CallListRepository } from '../../call-list/persistence/call-list.repository';
import type { Reach } from '../../patients/domain/reach';
import { PatientRepository } from '../../patients/persistence/patient.repository';
import { PatientNotYetKnown } from '../../timers/domain/timer.errors';
import { decideDueRecall } from '../domain/due-recall';
import type { Recall } from '../domain/recall';
import { nextMessageAt, placeInQueue, staleAt } from '../domain/recall-time';
import { RecallMessageRepository } from '../persistence/recall-message.repository';
import { RecallRepository } from '../persistence/recall.repository';
import { RecallTimerRepository } from '../persistence/recall-timer.repository';
import { KeepRecall } from './keep-recall';

const BATCH = 100;
/** A call about a recall should be made within so many days; then the recall stands among the unanswered. */
export const CALL_WITHIN_MS = 14 * DAY;

/** Asks for the messages of recalls whose time has come; what was decided, the next time and the request are one transaction (P13, P14). */
@Injectable()
export class FireRecalls {
  constructor(
    private readonly work: UnitOfWork, private readonly recalls: RecallRepository, private readonly timers: RecallTimerRepository, private readonly messages: RecallMessageRepository,
    private readonly patients: PatientRepository, private readonly calls: CallListRepository, private readonly keep: KeepRecall,
  ) {}

  /** Returns how many it took. */
  execute(): Promise<number> {
    return this.work.run(workerFor('recalls', null), async (tx) => {
      // Why the recalls before their timers: whoever changes a recall holds it first, and two orders would be a deadlock.
      const held = await this.recalls.lockFree(tx, await this.timers.due(tx, BATCH));
      const taken = await this.timers.take(tx, held.map(({ id }) => id));
      const due = held.flatMap((recall) => {
        const dueAt = taken.get(recall.id);
        return dueAt === undefined ? [] : [{ recall, dueAt }];
      });
      const reaches = await this.patients.reaches(tx, due.map(({ recall }) => recall.patient));
      for (const { recall, dueAt } of due) {
        const reach = reaches.get(recall.patient);
        if (!reach) throw new PatientNotYetKnown();
        await this.one(tx, recall, reach, dueAt);
      }
      return due.length;
    });
  }

  private async one(tx: Tx, recall: Recall, reach: Reach, dueAt: Instant): Promise<void> {
    // A timer is gone whenever its recall is not open; this holds should that ever fail.
    if (recall.state !== 'open' || recall.reason !== null) return;
    // Why again: a visit that was booked in the moment in which the recall was written down saw no recall, and the recall no visit.
    if (await this.keep.visitFor(tx, recall)) return void (await this.keep.change(tx, recall, {}));
    const decision = decideDueRecall(reach, tx.now);
    const step = `recall-${recall.messages + 1}`;
    switch (decision.kind) {
      case 'defer': return this.timers.set(tx, recall, decision.until);
      case 'stop': return void (await this.keep.change(tx, recall, { state: 'stopped', reason: decision.reason }));
      case 'call':
        await this.messages.called(tx, recall, step, decision.reason);
        await this.calls.openForRecall(tx, { ...recall, reason: decision.reason, until: plusMs(tx.now, CALL_WITHIN_MS) });
        return this.keep.silence(tx, recall, decision.reason);
      case 'request': return this.request(tx, recall, reach, step, decision.channels, dueAt);
    }
  }

  private async request(tx: Tx, recall: Recall, reach: Reach, step: string, channels: Reach['channels'], dueAt: Instant): Promise<void> {
    const request = newId<MessageRequestId>();
    const { id, practice, patient, revision } = recall;
    const asked: Recall = { ...recall, messages: recall.messages + 1, lastMessageAt: tx.now };
    const next = nextMessageAt(asked, reach, tx.now);
    await this.messages.requested(tx, recall, step, request);
    await this.recalls.save(tx, { ...asked, reason: next === null ? 'most-messages' : null });
    if (next !== null) await this.timers.set(tx, recall, next);
    tx.outbox.add(eventOf(MessageRequested, { key: request, host: practice }, {
      id: request, host: practice, booking: practice, patient, subjects: [{ kind: 'recall', id, revision, step }], class: 'recall', template: 'recall-due', channels: [...channels],
      expiresAt: formatInstant(staleAt(tx.now)), visitStart: formatInstant(placeInQueue(recall.due, recall.zone, tx.now)), dueAt: formatInstant(dueAt), mustReach: false,
    }));
  }
}
