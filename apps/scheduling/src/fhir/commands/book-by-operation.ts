import { Injectable } from '@nestjs/common';
import { appointmentId } from '@slotmesh/contracts';
import { DomainError, type PracticeId } from '@slotmesh/kernel';
import type { Tx } from '@slotmesh/persistence';
import { BookAppointment } from '../../appointments/commands/book-appointment';
import type { Desk } from '../../appointments/commands/take-visit-time';
import { CancelAppointment } from '../../appointments/commands/cancel-appointment';
import { RescheduleAppointment } from '../../appointments/commands/reschedule-appointment';
import type { Appointment } from '../../appointments/domain/appointment';
import { AppointmentRepository } from '../../appointments/persistence/appointment.repository';
import { EndHold } from '../../holds/commands/end-hold';
import { HoldRepository } from '../../holds/persistence/hold.repository';
import { PatientUnknown } from '../../patients/patient.errors';
import { ownRecord } from '../queries/read-appointment';
import { type FhirAppointment, appointmentOf, cancelledHoldOf } from '../resources/appointment';
import { reasonOfCode } from '../resources/cancel-reason';
import type { BookRequest, GivenAppointment } from '../search/bookings';

export class HeldTimeCannotMove extends DomainError {
  constructor() {
    super('unprocessable', 'move-needs-opening', 'A visit moves to a proposed Appointment, not to a held one: its own time would stand in the way. Let the hold end and give the proposed Appointment.');
  }
}
export class GivenDiffers extends DomainError {
  constructor(field: string) {
    super('unprocessable', 'appointment-differs', `${field} is not what the Appointment has that you name. Search again and give what you were given.`, { errors: [{ pointer: `/${field}`, detail: 'is not what this Appointment has' }] });
  }
}

/** `$book`: tells what is meant and has it done by the use-cases that also serve /appointments. Throws what they throw. */
@Injectable()
export class BookByOperation {
  constructor(
    private readonly bookAppointment: BookAppointment,
    private readonly reschedule: RescheduleAppointment,
    private readonly cancel: CancelAppointment,
    private readonly appointments: AppointmentRepository,
    private readonly holds: HoldRepository,
    private readonly endHold: EndHold,
  ) {}

  async execute(tx: Tx, desk: Desk, asked: BookRequest, version: number | null): Promise<FhirAppointment> {
    if (asked.resource?.status === 'cancelled') return this.callOff(tx, desk, asked, asked.resource, version);
    const visit = asked.moves === null ? await this.book(tx, desk, asked) : await this.move(tx, desk.practice, asked, version);
    requireAsGiven(visit, asked.resource);
    return appointmentOf(visit, ownRecord(visit, desk.practice, tx.now));
  }

  private book(tx: Tx, desk: Desk, { id, resource, patient, comment }: BookRequest): Promise<Appointment> {
    if (patient === null) throw new PatientUnknown();
    return this.bookAppointment.execute(tx, desk, { what: id, patient, reason: comment, referral: resource?.referral ?? null, confidential: false, override: null });
  }

  private async move(tx: Tx, practice: PracticeId, { id, moves, patient }: BookRequest, version: number | null): Promise<Appointment> {
    if (moves === null || 'hold' in id) throw new HeldTimeCannotMove();
    const before = await this.appointments.find(tx, moves);
    if (before && patient !== null && ownRecord(before, practice, tx.now) !== patient) throw new GivenDiffers('patient-id');
    return this.reschedule.execute(tx, practice, { id: moves, opening: id.opening, version, override: null });
  }

  /** ITI-117 cancels what is booked or only held. */
  private async callOff(tx: Tx, desk: Desk, { id, patient }: BookRequest, given: GivenAppointment, version: number | null): Promise<FhirAppointment> {
    const hold = 'hold' in id ? await this.holds.find(tx, id.hold) : null;
    if (hold) {
      requireAsGiven(hold, given);
      await this.endHold.release(tx, desk, hold.id);
      return cancelledHoldOf(hold);
    }
    const visit = await this.cancel.execute(tx, { id: appointmentId.parse('hold' in id ? id.hold : id.opening), reason: given.reason === undefined ? 'oth' : reasonOfCode(given.reason), version });
    requireAsGiven(visit, given);
    if (patient !== null && ownRecord(visit, desk.practice, tx.now) !== patient) throw new GivenDiffers('patient-id');
    return appointmentOf(visit, ownRecord(visit, desk.practice, tx.now));
  }
}

/** Why after: what was given must not look as if it had been taken; the transaction takes everything back. */
function requireAsGiven(visit: Pick<Appointment, 'start' | 'end'>, given: GivenAppointment | null): void {
  if (given?.start !== undefined && given.start !== visit.start) throw new GivenDiffers('start');
  if (given?.end !== undefined && given.end !== visit.end) throw new GivenDiffers('end');
}
