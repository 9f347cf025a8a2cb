import { isDeepStrictEqual } from 'node:util';
import { Injectable } from '@nestjs/common';
import { appointmentId } from '@slotmesh/contracts';
import { DomainError, type PracticeId } from '@slotmesh/kernel';
import type { Tx } from '@slotmesh/persistence';
import { z } from 'zod';
import { CancelAppointment } from '../../appointments/commands/cancel-appointment';
import { AppointmentChanged, AppointmentUnknown } from '../../appointments/domain/appointment.errors';
import { ReadAppointment, ownRecord } from '../queries/read-appointment';
import { type FhirAppointment, appointmentOf } from '../resources/appointment';
import { reasonOfCode } from '../resources/cancel-reason';
import { cancelationReason } from '../search/bookings';

/** An Appointment as it was read, with another status; what else is changed is seen by comparing. */
export const changedAppointment = z.looseObject({ resourceType: z.literal('Appointment'), id: z.string(), status: z.string(), cancelationReason: cancelationReason.optional() });

export class OnlyCancelledByPut extends DomainError {
  constructor(field: string) {
    super('unprocessable', 'only-cancelled-by-put', `A PUT can only cancel: ${field} cannot be changed by it. To book or move a visit POST to Appointment/$book, a move with cancelled-appt-id.`,
      { errors: [{ pointer: `/${field}`, detail: 'cannot be changed by a PUT, which only cancels: to book or move a visit POST to Appointment/$book, a move with cancelled-appt-id' }] });
  }
}

/** PUT of an Appointment: cancels, and refuses everything else by name. Throws AppointmentUnknown, AppointmentChanged, TransitionNotAllowed, OnlyCancelledByPut. */
@Injectable()
export class CancelByResource {
  constructor(private readonly read: ReadAppointment, private readonly cancel: CancelAppointment) {}

  async execute(tx: Tx, practice: PracticeId, id: string, given: z.output<typeof changedAppointment>, version: number | null): Promise<FhirAppointment> {
    const read = await this.read.execute(tx, practice, id);
    // What is only held has no version: it is given back by $book.
    if (!read.meta) throw new AppointmentUnknown();
    const present: Readonly<Record<string, unknown>> = { ...read };
    const presentVersion = Number(read.meta.versionId);
    if (version !== null && version !== presentVersion) throw new AppointmentChanged(presentVersion);
    // Why without status, reason, meta and text: the first two are what a cancellation says, the others are the server's.
    const { status, cancelationReason: reason, meta: _meta, text: _text, ...rest } = given;
    if (status !== 'cancelled') throw new OnlyCancelledByPut('status');
    const changed = Object.keys(rest).find((field) => !isDeepStrictEqual(rest[field], present[field]));
    if (changed !== undefined) throw new OnlyCancelledByPut(changed);
    // Why always with a version: what is called off must still be what was compared.
    const visit = await this.cancel.execute(tx, { id: appointmentId.parse(id), reason: reason === undefined ? 'oth' : reasonOfCode(reason), version: presentVersion });
    return appointmentOf(visit, ownRecord(visit, practice, tx.now));
  }
}
