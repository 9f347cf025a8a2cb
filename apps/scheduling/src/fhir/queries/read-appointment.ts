import { Injectable } from '@nestjs/common';
import { appointmentId, holdId } from '@slotmesh/contracts';
import type { Instant, PracticeId } from '@slotmesh/kernel';
import type { Tx } from '@slotmesh/persistence';
import { viewOfAppointment } from '../../appointments/appointment.view';
import type { Appointment } from '../../appointments/domain/appointment';
import { AppointmentUnknown } from '../../appointments/domain/appointment.errors';
import { AppointmentRepository } from '../../appointments/persistence/appointment.repository';
import { HoldRepository } from '../../holds/persistence/hold.repository';
import { VisitReasons } from '../../patients/visit-reasons';
import { type FhirAppointment, appointmentOf, heldOf } from '../resources/appointment';

/** A visit that the practice hosts or booked, or a hold that is still good, which FHIR knows as a pending visit. Each reading leaves an audit row (P23). */
@Injectable()
export class ReadAppointment {
  constructor(private readonly appointments: AppointmentRepository, private readonly holds: HoldRepository, private readonly reasons: VisitReasons) {}

  /** Throws AppointmentUnknown. */
  async execute(tx: Tx, viewer: PracticeId, text: string): Promise<FhirAppointment> {
    const id = appointmentId.safeParse(text);
    if (!id.success) throw new AppointmentUnknown();
    const visit = await this.appointments.find(tx, id.data);
    if (!visit) return this.held(tx, text);
    tx.audit.record({ action: 'appointment.read', entity: 'appointment', entityId: visit.id, patient: visit.patient });
    const reason = visit.sealedReason !== null && visit.host === viewer ? await this.reasons.open(tx, visit.host, visit.id, visit.sealedReason) : null;
    return appointmentOf(visit, ownRecord(visit, viewer, tx.now), reason);
  }

  private async held(tx: Tx, text: string): Promise<FhirAppointment> {
    const hold = await this.holds.find(tx, holdId.parse(text));
    if (!hold || hold.state !== 'active' || hold.expiresAt <= tx.now) throw new AppointmentUnknown();
    return heldOf(hold);
  }
}

/** The viewer's own record of the patient. */
export const ownRecord = (visit: Appointment, viewer: PracticeId, now: Instant): string => viewOfAppointment(visit, viewer, now).patient;
