import { Injectable } from '@nestjs/common';
import type { EventData, MessageOutcomeRecorded } from '@slotmesh/contracts';
import type { AppointmentId } from '@slotmesh/kernel';
import type { Tx } from '@slotmesh/persistence';
import { AppointmentRepository } from '../../appointments/persistence/appointment.repository';
import { CallListRepository } from '../../call-list/persistence/call-list.repository';
import { EDUCATION_STEP } from '../../education/persistence/education-timer.repository';
import { MOVE_STEP, callFor } from '../domain/message-outcome';
import { StepOutcomeRepository } from '../persistence/step-outcome.repository';

/** Notifications says what became of a message: it is the outcome of its step, and where the patient was not reached somebody phones (P14). */
@Injectable()
export class RecordOutcome {
  constructor(private readonly outcomes: StepOutcomeRepository, private readonly appointments: AppointmentRepository, private readonly calls: CallListRepository) {}

  async execute(tx: Tx, outcome: EventData<typeof MessageOutcomeRecorded>): Promise<void> {
    if (outcome.subject.kind !== 'appointment') return;
    const id = outcome.subject.id as AppointmentId;
    // Why locked: a visit that moves in the same moment must not leave a call about its old time behind.
    const [visit] = await Promise.all([this.appointments.lock(tx, id), this.outcomes.report(tx, outcome)]);
    // Why: nobody phones about what could be read before a visit; and the call about a move stands beside its message until the visit has moved, whether it arrives or not.
    if (outcome.subject.step === MOVE_STEP || outcome.subject.step === EDUCATION_STEP) return;
    const call = callFor(outcome, visit, tx.now);
    if (call && visit) await this.calls.open(tx, { host: visit.host, patient: visit.patient, appointment: id, revision: outcome.subject.revision, reason: call.reason, urgent: call.urgent, visitStart: visit.start, zone: visit.zone });
    else if (outcome.outcome === 'delivered') await this.calls.closeOf(tx, id, 'message-delivered', outcome.subject.revision + 1);
  }
}
