import { Injectable } from '@nestjs/common';
import type { AppointmentId } from '@slotmesh/kernel';
import type { Tx } from '@slotmesh/persistence';
import { besideOf } from '../../openings/domain/lanes';
import { answerRefused, byPatient, confirmed } from '../appointment.events';
import { type Appointment, confirm } from '../domain/appointment';
import { allowedTransitions } from '../domain/transitions';
import { AppointmentRepository } from '../persistence/appointment.repository';
import { CancelAppointment } from './cancel-appointment';
import { ChangeAppointment } from './change-appointment';

export interface PatientAnswer {
  readonly id: string;
  readonly appointment: AppointmentId;
  /** The revision of the message that was answered. */
  readonly revision: number;
  readonly answer: 'confirm' | 'cancel' | 'move';
}

/** An answer changes only what it answers: for a superseded time it changes nothing, and the patient is told the present one. */
@Injectable()
export class ApplyPatientAnswer {
  constructor(private readonly change: ChangeAppointment, private readonly cancel: CancelAppointment, private readonly appointments: AppointmentRepository) {}

  async execute(tx: Tx, answer: PatientAnswer): Promise<void> {
    await this.change.withTime(tx, answer.appointment, null, [], async (before) => {
      if (before.revision !== answer.revision) return void tx.outbox.add(answerRefused(before, answer.id, 'superseded'));
      const transition = answer.answer === 'move' ? null : answer.answer;
      if (transition === null || !allowedTransitions(before, tx.now).includes(transition)) return void tx.outbox.add(answerRefused(before, answer.id, 'not-allowed'));
      // Why: what is urgent, or what another practice sent the patient to, must not end by one letter; somebody at the desk asks first.
      if (transition === 'cancel' && (await this.needsTheDesk(tx, before))) return void tx.outbox.add(answerRefused(before, answer.id, 'desk-decides'));
      if (transition === 'cancel') return void (await this.cancel.apply(tx, before, { reason: 'pat', by: byPatient, answer: answer.id }));
      await this.confirmed(tx, before, answer.id);
    });
  }

  private async needsTheDesk(tx: Tx, { id, referral, origin }: Appointment): Promise<boolean> {
    if (referral !== null || (origin?.bookingReferral ?? null) !== null) return true;
    return (await this.appointments.resourcesOf(tx, id)).some(({ lane }) => besideOf(lane) === 'urgent');
  }

  private async confirmed(tx: Tx, before: Appointment, answer: string): Promise<void> {
    const after = await this.appointments.update(tx, confirm(before, tx.now));
    tx.outbox.add(confirmed(after, byPatient, answer));
    tx.audit.record({ action: 'appointment.confirm', entity: 'appointment', entityId: after.id, patient: after.patient, details: { answer } });
  }
}
