import { Injectable } from '@nestjs/common';
import type { AppointmentId } from '@slotmesh/kernel';
import type { Tx } from '@slotmesh/persistence';
import { RestrictionRepository } from '../../disclosures/persistence/restriction.repository';
import { MarkRepository } from '../../marks/persistence/mark.repository';
import { Bookability } from '../../openings/bookability';
import { ReferralVisits } from '../../referrals/referral-visits';
import { confirmed, initiatorOf, statusChanged } from '../appointment.events';
import { type Appointment, confirm, step } from '../domain/appointment';
import { RequestTakenBack } from '../domain/approval';
import { HostDecides } from '../domain/appointment.errors';
import type { Transition } from '../domain/transitions';
import { AppointmentRepository } from '../persistence/appointment.repository';
import { ChangeAppointment } from './change-appointment';

export type Step = Extract<Transition, 'approve' | 'arrive' | 'check-in' | 'complete' | 'no-show' | 'reopen'>;

/** The named steps of a visit that leave its time alone; the host runs the visit. Throws TransitionNotAllowed, HostDecides, to approve also ApprovalTooLate, RequestTakenBack, NotShared, ClosedSince. */
@Injectable()
export class StepAppointment {
  constructor(private readonly change: ChangeAppointment, private readonly appointments: AppointmentRepository, private readonly referralVisits: ReferralVisits, private readonly marks: MarkRepository, private readonly bookability: Bookability, private readonly restrictions: RestrictionRepository) {}

  async execute(tx: Tx, id: AppointmentId, transition: Step, version: number | null): Promise<Appointment> {
    return this.change.inPlace(tx, id, version, async (before) => {
      if (tx.actor.practice !== before.host) throw new HostDecides();
      const stepped = step(before, transition, tx.now);
      if (transition === 'approve') await this.requireWanted(tx, before);
      const after = await this.appointments.update(tx, stepped);
      if (transition === 'no-show') await this.marks.missed(tx, after);
      if (transition === 'reopen') await this.marks.undoMissed(tx, id);
      await this.takeReferralAlong(tx, after, transition);
      tx.outbox.add(statusChanged(after, before.status, initiatorOf(tx.actor, after)));
      tx.audit.record({ action: `appointment.${transition}`, entity: 'appointment', entityId: id, patient: after.patient });
      return after;
    });
  }

  private async requireWanted(tx: Tx, request: Appointment): Promise<void> {
    if (await this.restrictions.takesBack(tx, request.id)) throw new RequestTakenBack();
    await this.bookability.requireStillOpen(tx, request, tx.now);
  }

  private async takeReferralAlong(tx: Tx, visit: Appointment, transition: Step): Promise<void> {
    if (transition === 'complete') await this.referralVisits.end(tx, visit, 'see');
    if (transition === 'no-show') await this.referralVisits.end(tx, visit, 'miss');
    if (transition === 'reopen') await this.referralVisits.reopen(tx, visit);
  }

  /** A desk heard the patient's yes, for instance by phone. Participation only. */
  async confirm(tx: Tx, id: AppointmentId, version: number | null): Promise<Appointment> {
    return this.change.inPlace(tx, id, version, async (before) => {
      const after = await this.appointments.update(tx, confirm(before, tx.now));
      tx.outbox.add(confirmed(after, initiatorOf(tx.actor, after), null));
      tx.audit.record({ action: 'appointment.confirm', entity: 'appointment', entityId: id, patient: after.patient });
      return after;
    });
  }
}
