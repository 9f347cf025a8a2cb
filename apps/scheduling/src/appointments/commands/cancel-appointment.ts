import { Injectable } from '@nestjs/common';
import { isPatientsReason } from '@slotmesh/contracts';
import type { AppointmentId } from '@slotmesh/kernel';
import type { Tx } from '@slotmesh/persistence';
import { QuotaRepository } from '../../agreements/persistence/quota.repository';
import { OccupancyRepository } from '../../openings/persistence/occupancy.repository';
import { ReferralVisits } from '../../referrals/referral-visits';
import { MarkRepository } from '../../marks/persistence/mark.repository';
import { mayBeOffered } from '../../waitlist/domain/round';
import { type By, cancelled, initiatorOf } from '../appointment.events';
import { type Appointment, step } from '../domain/appointment';
import { isLate } from '../domain/cancel-window';
import { HostDecides } from '../domain/appointment.errors';
import { AppointmentRepository } from '../persistence/appointment.repository';
import { ChangeAppointment } from './change-appointment';

export interface Cancellation {
  readonly id: AppointmentId;
  /** A code of FHIR's appointment-cancellation-reason, such as `pat` or `prov`. */
  readonly reason: string;
  readonly version: number | null;
  /** `decline` is the host's no to a pending visit; default `cancel`. */
  readonly transition?: 'cancel' | 'decline';
  /** Where the patient did it: by whom and by which answer. */
  readonly by?: By;
  readonly answer?: string;
  /** The caller gives its quotas back, later in the one lock order. */
  readonly keepQuotas?: boolean;
  /** Nobody answered the request in time. */
  readonly lapsed?: true;
  /** Another visit takes its place and tells the patient. */
  readonly goesOn?: boolean;
}

/** Calls a visit off and gives its time back: a cancelled visit frees its resources, its quota and the person at once. Throws TransitionNotAllowed. */
@Injectable()
export class CancelAppointment {
  constructor(private readonly change: ChangeAppointment, private readonly occupancy: OccupancyRepository, private readonly quotas: QuotaRepository, private readonly appointments: AppointmentRepository, private readonly referralVisits: ReferralVisits, private readonly marks: MarkRepository) {}

  async execute(tx: Tx, cancellation: Cancellation): Promise<Appointment> {
    return this.change.withTime(tx, cancellation.id, cancellation.version, [], (before) => this.apply(tx, before, cancellation));
  }

  /** Several at once, all or none. `choose` says, under lock, which of them. Throws TransitionNotAllowed. */
  async together(tx: Tx, ids: readonly AppointmentId[], cancellation: Omit<Cancellation, 'id' | 'version'>, choose: (locked: readonly Appointment[]) => readonly Appointment[]): Promise<Appointment[]> {
    return this.change.allWithTime(tx, ids, [], async (locked) => {
      // Why referrals first: they are locked before the person, and quotas behind all persons (P1).
      const chosen = [...choose(locked)].sort((a, b) => Number(a.referral === null) - Number(b.referral === null));
      const off: Appointment[] = [];
      for (const before of chosen) off.push(await this.apply(tx, before, { ...cancellation, keepQuotas: true }));
      await this.quotas.giveBack(tx, chosen.flatMap(({ quotas }) => quotas));
      return off;
    });
  }

  /** For an appointment that is already under lock. */
  async apply(tx: Tx, before: Appointment, cancellation: Omit<Cancellation, 'id' | 'version'>): Promise<Appointment> {
    const transition = cancellation.transition ?? 'cancel';
    if (transition === 'decline' && tx.actor.practice !== before.host) throw new HostDecides();
    const by = cancellation.by ?? initiatorOf(tx.actor, before);
    const off = step(before, transition, tx.now, cancellation.lapsed ? 'lapsed' : transition === 'decline' || by.kind === 'host' ? 'declined' : 'withdrawn');
    await this.referralVisits.end(tx, before, 'miss');
    if (transition === 'cancel' && before.status !== 'pending' && isPatientsReason(cancellation.reason) && isLate(before, tx.now)) await this.marks.late(tx, before, 'late-cancel');
    if (mayBeOffered(cancellation.reason)) await this.appointments.noteFreedTime(tx, before.id);
    await this.occupancy.freeAppointment(tx, before.id);
    await this.appointments.freePersonTime(tx, before.id);
    if (!cancellation.keepQuotas) await this.quotas.giveBack(tx, before.quotas);
    const after = await this.appointments.update(tx, { ...off, cancelReason: cancellation.reason, quotas: [] });
    tx.outbox.add(cancelled(after, by, cancellation.reason, cancellation.answer ?? null, cancellation.goesOn));
    tx.audit.record({ action: 'appointment.cancelled', entity: 'appointment', entityId: after.id, patient: after.patient, details: { reason: cancellation.reason, ...(before.status === 'pending' && after.approval !== null ? { request: after.approval.state } : {}) } });
    return after;
  }
}
