import { Injectable } from '@nestjs/common';
import type { EventData, ReminderFailed, ReminderFailureWithdrawn } from '@slotmesh/contracts';
import type { Tx } from '@slotmesh/persistence';
import { MarkRepository } from '../persistence/mark.repository';

/**
 * Nobody is marked for a visit of which we failed to remind them. What reminders says is kept with the visit, so it does not matter whether it comes before the mark or behind it; where it is taken back, the mark counts again.
 * Of a revision that is over nothing is taken over.
 */
@Injectable()
export class LiftMark {
  constructor(private readonly marks: MarkRepository) {}

  async failed(tx: Tx, { appointment, host, revision, reason }: EventData<typeof ReminderFailed>): Promise<void> {
    // Why: whoever sets the mark holds the visit, too; one of the two sees what the other wrote.
    if ((await this.marks.holdVisit(tx, appointment)) !== revision) return;
    await this.marks.noteFailure(tx, { appointment, host, revision, reason });
    for (const mark of await this.marks.lift(tx, appointment, reason)) tx.audit.record({ action: 'patient-mark.lifted', entity: 'patient-mark', entityId: mark.id, patient: mark.patient, practice: host, details: { reason } });
  }

  async withdrawn(tx: Tx, { appointment, host, revision }: EventData<typeof ReminderFailureWithdrawn>): Promise<void> {
    await this.marks.holdVisit(tx, appointment);
    if (!(await this.marks.forgetFailure(tx, appointment, revision))) return;
    for (const mark of await this.marks.unlift(tx, appointment)) tx.audit.record({ action: 'patient-mark.counts-again', entity: 'patient-mark', entityId: mark.id, patient: mark.patient, practice: host });
  }
}
