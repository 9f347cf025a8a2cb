import { Injectable } from '@nestjs/common';
import { type LocalDate, type RecallId, addDays, localDateOf } from '@slotmesh/kernel';
import { type Actor, type Tx, UnitOfWork } from '@slotmesh/persistence';
import { type Recall, isClosed } from '../domain/recall';
import { RecallChanged, RecallDateInvalid, RecallIsBooked, RecallIsClosed, RecallUnknown } from '../domain/recall.errors';
import { RecallRepository } from '../persistence/recall.repository';
import { KeepRecall } from './keep-recall';

export type RecallStep =
  | { readonly to: 'done'; readonly on: LocalDate | null }
  | { readonly to: 'declined' }
  | { readonly to: 'stopped'; readonly reason: string }
  | { readonly to: 'postponed'; readonly due: LocalDate };

/** A person takes a recall a step on. `seen` is the revision that they saw, null where they do not mind. Throws RecallUnknown, RecallChanged, RecallIsClosed, RecallIsBooked, RecallDateInvalid. */
@Injectable()
export class StepRecall {
  constructor(private readonly work: UnitOfWork, private readonly recalls: RecallRepository, private readonly keep: KeepRecall) {}

  execute(actor: Actor, id: RecallId, seen: number | null, step: RecallStep): Promise<Recall> {
    return this.work.run(actor, async (tx) => {
      const recall = await this.recalls.lock(tx, id);
      if (!recall) throw new RecallUnknown();
      if (seen !== null && seen !== recall.revision) throw new RecallChanged();
      if (isClosed(recall)) throw new RecallIsClosed(recall.state);
      const changed = await this.take(tx, recall, step);
      tx.audit.record({ action: `recall.${step.to}`, entity: 'recall', entityId: id, patient: recall.patient, details: { revision: changed.revision } });
      return changed;
    });
  }

  private take(tx: Tx, recall: Recall, step: RecallStep): Promise<Recall> {
    const today = localDateOf(tx.now, recall.zone);
    switch (step.to) {
      case 'done': {
        if (step.on !== null && step.on > today) throw new RecallDateInvalid('It cannot be done in the future.');
        return this.keep.done(tx, recall, step.on ?? today);
      }
      case 'declined': return this.keep.change(tx, recall, { state: 'declined', reason: null });
      case 'stopped': return this.keep.change(tx, recall, { state: 'stopped', reason: step.reason });
      case 'postponed': {
        if (recall.state === 'booked') throw new RecallIsBooked();
        if (step.due <= today || step.due > addDays(today, 10 * 366)) throw new RecallDateInvalid('The new due date must lie ahead, by ten years at most.');
        // What was asked about the old date does not count: the patient is asked again.
        return this.keep.change(tx, recall, { due: step.due, reason: null, messages: 0, lastMessageAt: null });
      }
    }
  }
}
