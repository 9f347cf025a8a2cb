import { Injectable } from '@nestjs/common';
import { type AppointmentId, type ResourceId } from '@slotmesh/kernel';
import { StartAgain, type Tx } from '@slotmesh/persistence';
import { OccupancyRepository } from '../../openings/persistence/occupancy.repository';
import type { Appointment } from '../domain/appointment';
import { AppointmentChanged, AppointmentUnknown } from '../domain/appointment.errors';
import { AppointmentRepository } from '../persistence/appointment.repository';

/** Brings an appointment under lock in the one order: resources by id, then the appointment, read again. */
@Injectable()
export class ChangeAppointment {
  constructor(private readonly appointments: AppointmentRepository, private readonly occupancy: OccupancyRepository) {}

  /** For steps that take or give back time. `alsoLock` are resources that the new time may need. Throws AppointmentUnknown, AppointmentChanged. */
  async withTime<T>(tx: Tx, id: AppointmentId, version: number | null, alsoLock: readonly ResourceId[], fn: (appointment: Appointment) => Promise<T>): Promise<T> {
    return this.allWithTime(tx, [id], alsoLock, async ([appointment]) => {
      if (!appointment) throw new AppointmentUnknown();
      requireVersion(appointment, version);
      return fn(appointment);
    });
  }

  /** The same for several visits at once, given to `fn` by id; what is not there is left out. */
  async allWithTime<T>(tx: Tx, ids: readonly AppointmentId[], alsoLock: readonly ResourceId[], fn: (appointments: readonly Appointment[]) => Promise<T>): Promise<T> {
    const before = await this.occupancy.resourcesOf(tx, { appointments: ids });
    await this.occupancy.lock(tx, [...before, ...alsoLock]);
    const appointments = await this.appointments.lockMany(tx, ids);
    const after = await this.occupancy.resourcesOf(tx, { appointments: ids });
    // Why from the start: somebody moved it between the look and the lock; to lock its new resources now, behind the appointment, would break the order.
    if (!after.every((resource) => before.includes(resource) || alsoLock.includes(resource))) throw new StartAgain('the visit was moved meanwhile');
    return fn(appointments);
  }

  /** For steps that leave its time alone. */
  async inPlace<T>(tx: Tx, id: AppointmentId, version: number | null, fn: (appointment: Appointment) => Promise<T>): Promise<T> {
    return fn(await this.locked(tx, id, version));
  }

  private async locked(tx: Tx, id: AppointmentId, version: number | null): Promise<Appointment> {
    const appointment = await this.appointments.lock(tx, id);
    if (!appointment) throw new AppointmentUnknown();
    requireVersion(appointment, version);
    return appointment;
  }
}

function requireVersion(appointment: Appointment, version: number | null): void {
  if (version !== null && version !== appointment.version) throw new AppointmentChanged(appointment.version);
}
