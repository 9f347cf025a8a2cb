import { Injectable } from '@nestjs/common';
import type { Tx } from '@slotmesh/persistence';
import type { Appointment } from '../domain/appointment';
import { AnotherVisitThen, OverrideNotPermitted } from '../domain/appointment.errors';
import { AppointmentRepository } from '../persistence/appointment.repository';

/** A permission and a written reason go past "another visit then" (P8). */
export interface Override {
  readonly permitted: boolean;
  readonly reason: string;
}
const MOST_AT_ONCE = 5;

/** Books the person's own time, so that nobody is in two places. Throws AnotherVisitThen, OverrideNotPermitted. */
@Injectable()
export class TakePersonTime {
  constructor(private readonly appointments: AppointmentRepository) {}

  async execute(tx: Tx, appointment: Pick<Appointment, 'id' | 'person' | 'start' | 'end' | 'patient'>, override: Override | null): Promise<void> {
    if (await this.appointments.takePersonTime(tx, appointment, 0)) return;
    if (override === null) throw new AnotherVisitThen();
    if (!override.permitted) throw new OverrideNotPermitted();
    for (let lane = 1; lane < MOST_AT_ONCE; lane += 1) {
      if (await this.appointments.takePersonTime(tx, appointment, lane)) {
        tx.audit.record({ action: 'appointment.overlap-overridden', entity: 'appointment', entityId: appointment.id, patient: appointment.patient, details: { reason: override.reason } });
        return;
      }
    }
    throw new AnotherVisitThen();
  }
}
