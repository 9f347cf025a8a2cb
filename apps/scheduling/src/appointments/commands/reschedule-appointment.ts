import { Injectable } from '@nestjs/common';
import { type AppointmentId, type OpeningId, type PracticeId, localDateOf } from '@slotmesh/kernel';
import type { Tx } from '@slotmesh/persistence';
import { QuotaRepository } from '../../agreements/persistence/quota.repository';
import { endedInTheWay } from '../../holds/persistence/hold.repository';
import { Alternatives } from '../../openings/alternatives';
import { Bookability, resourcesFor } from '../../openings/bookability';
import { CareRepository } from '../../openings/persistence/care.repository';
import { OccupancyRepository } from '../../openings/persistence/occupancy.repository';
import { ReferralVisits } from '../../referrals/referral-visits';
import { initiatorOf, rescheduled } from '../appointment.events';
import { type Appointment, moveTo } from '../domain/appointment';
import { MoveWithinHost } from '../domain/appointment.errors';
import { statusAfter } from '../domain/transitions';
import { AppointmentRepository } from '../persistence/appointment.repository';
import { ChangeAppointment } from './change-appointment';
import { type Override, TakePersonTime } from './take-person-time';

/** Moves a visit to another opening of the same host, whole or not at all (P2). Throws OpeningTaken, NotShared, TransitionNotAllowed, AnotherVisitThen, MoveWithinHost. */
@Injectable()
export class RescheduleAppointment {
  constructor(
    private readonly change: ChangeAppointment,
    private readonly bookability: Bookability,
    private readonly occupancy: OccupancyRepository,
    private readonly quotas: QuotaRepository,
    private readonly appointments: AppointmentRepository,
    private readonly personTime: TakePersonTime,
    private readonly alternatives: Alternatives,
    private readonly referralVisits: ReferralVisits,
    private readonly care: CareRepository,
  ) {}

  async execute(tx: Tx, practice: PracticeId, move: { readonly id: AppointmentId; readonly opening: OpeningId; readonly version: number | null; readonly override: Override | null }): Promise<Appointment> {
    const known = await this.appointments.find(tx, move.id);
    // Why whichever record is readable: the needs are the patient's, and both practices keep them.
    const [counted, needs] = [await this.quotas.countedBy(tx, known?.quotas ?? []), known ? await this.care.needsOf(tx, known.patient, known.bookingPatient) : null];
    const time = await this.bookability.decide(tx, practice, move.opening, tx.now, counted, needs);
    if ('lost' in time) throw await this.alternatives.taken(tx, practice, time.offering, time.start, tx.now, needs);
    const mayNeed = resourcesFor(time);
    return this.change.withTime(tx, move.id, move.version, mayNeed, async (before) => {
      if (before.host !== time.offering.practice) throw new MoveWithinHost();
      statusAfter('reschedule', before, tx.now);
      const byHost = practice === before.host && before.booking !== before.host;
      // Why not where the host moves a partner's visit: it needs that time for itself.
      if (!byHost) await this.appointments.noteFreedTime(tx, before.id);
      // Why first: its own old rows must not refuse the move.
      await this.occupancy.freeAppointment(tx, before.id);
      const inTheWay = endedInTheWay(tx);
      const took = await this.occupancy.take(tx, before.booking, { ...time, agreement: time.agreement ?? before.agreement }, { hold: null, appointment: before.id }, inTheWay.onEnded, mayNeed);
      if (!took) throw await this.alternatives.taken(tx, practice, time.offering, time.start, tx.now, needs);
      await this.referralVisits.move(tx, before, { service: time.offering.service, start: time.start, zone: time.offering.zone });
      await this.personTime.execute(tx, { id: before.id, person: before.person, patient: before.patient, start: time.start, end: time.end }, move.override);
      const quotas = byHost ? await this.quotas.follow(tx, before.quotas, localDateOf(time.start, time.offering.zone), inTheWay.freed) : await this.quotas.move(tx, [...before.quotas, ...inTheWay.freed], time.agreement, time.offering.practice, time.quotas);
      if (quotas === null) throw await this.alternatives.taken(tx, practice, time.offering, time.start, tx.now, needs);
      const after = await this.appointments.update(tx, moveTo(before, time, quotas, tx.now));
      tx.outbox.add(rescheduled(after, before, initiatorOf(tx.actor, after)));
      tx.audit.record({ action: 'appointment.rescheduled', entity: 'appointment', entityId: after.id, patient: after.patient, details: { revision: after.revision } });
      return after;
    });
  }
}
