import { Injectable } from '@nestjs/common';
import type { AppointmentId } from '@slotmesh/kernel';
import { type Tx, UnitOfWork, workerFor } from '@slotmesh/persistence';
import { CancelAppointment } from '../../appointments/commands/cancel-appointment';
import { ChangeAppointment } from '../../appointments/commands/change-appointment';
import { RestrictionRepository } from '../../disclosures/persistence/restriction.repository';
import { oneByOne } from '../../shared/one-by-one';
import { ApprovalRequestRepository } from '../persistence/approval-request.repository';

const AT_ONCE = 100;
/** FHIR appointment-cancellation-reason has no code for it; it is nobody's wish. */
const NOBODY_ANSWERED = 'oth';
/** The patient's wish: nothing about them is to go to the host any more. */
const PATIENT = 'pat';

/**
 * Ends requests that nobody answered in time, as a no. Why not as a yes: the provider wanted to decide, and silence of a desk is no decision; and why not left open: the patient could count on nothing, while the time would
 * be kept from everybody. A no in time lets the booking practice find another visit and somebody else have this one. Requests whose patient restricts sharing with the host since are withdrawn in the same way.
 */
@Injectable()
export class LapseRequests {
  constructor(private readonly work: UnitOfWork, private readonly requests: ApprovalRequestRepository, private readonly change: ChangeAppointment, private readonly cancel: CancelAppointment, private readonly restrictions: RestrictionRepository) {}

  async execute(): Promise<number> {
    const due = await this.work.run(workerFor('approvals', null), (tx) => this.requests.due(tx, tx.now, AT_ONCE));
    return oneByOne(due, ({ id, host }) => this.work.run(workerFor('approvals', host), (tx) => this.one(tx, id)));
  }

  private one(tx: Tx, id: AppointmentId): Promise<number> {
    return this.change.withTime(tx, id, null, [], async (visit) => {
      // Why again: somebody may have answered, or called it off, a moment before.
      if (visit.approval?.state !== 'waiting') return 0;
      if (visit.approval.by <= tx.now) await this.cancel.apply(tx, visit, { transition: 'decline', lapsed: true, reason: NOBODY_ANSWERED });
      else if (visit.bookingPatient !== null && (await this.restrictions.restrictedTo(tx, visit.bookingPatient))(visit.host)) await this.cancel.apply(tx, visit, { reason: PATIENT, by: { kind: 'booking', practice: visit.booking } });
      else return 0;
      return 1;
    });
  }
}
