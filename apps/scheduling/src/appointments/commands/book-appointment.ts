import { Injectable } from '@nestjs/common';
import { type AppointmentId, type HoldId, type OpeningId, type PatientId, type PracticeId, type ReferralId, type ResourceId, newId } from '@slotmesh/kernel';
import type { Tx } from '@slotmesh/persistence';
import { QuotaRepository } from '../../agreements/persistence/quota.repository';
import { requireUsable } from '../../holds/domain/hold';
import { HoldRepository, endedInTheWay } from '../../holds/persistence/hold.repository';
import { Alternatives } from '../../openings/alternatives';
import { Bookability, type Overbook, extraLanes, resourcesFor } from '../../openings/bookability';
import { type PatientNeeds, sameNeeds } from '../../openings/domain/care';
import type { BookableTime } from '../../openings/domain/opening';
import { CareRepository, needsIn } from '../../openings/persistence/care.repository';
import { OccupancyRepository } from '../../openings/persistence/occupancy.repository';
import { HostRecords } from '../../patients/host-records';
import { PatientErased, PatientUnknown } from '../../patients/patient.errors';
import { VisitReasons } from '../../patients/visit-reasons';
import { PatientRepository } from '../../patients/persistence/patient.repository';
import { ReferralVisits } from '../../referrals/referral-visits';
import { type By, booked, initiatorOf } from '../appointment.events';
import type { Appointment } from '../domain/appointment';
import { PatientDeceased } from '../domain/appointment.errors';
import { AppointmentRepository } from '../persistence/appointment.repository';
import { type Override, TakePersonTime } from './take-person-time';

export interface Booking {
  /** Either a hold, of this desk or kept by `heldBy` for the patient, or an opening taken at once. */
  readonly what: { readonly hold: HoldId; readonly heldBy?: Desk } | { readonly opening: OpeningId };
  /** The booking practice's own patient. */
  readonly patient: PatientId;
  readonly override: Override | null;
  /** Why the patient comes, for the host's eyes only. */
  readonly reason: string | null;
  /** The referral that this visit comes from: it moves along. */
  readonly referral: ReferralId | null;
  /** No representative gets a link to it. */
  readonly confidential: boolean;
  /** Where it is not the desk that decides. */
  readonly by?: By;
  /** Asks for a time beside another visit, where the host's hours allow it. */
  readonly overbook?: Overbook;
  /** Quotas of a visit that is given up for this one. */
  readonly freed?: readonly string[];
}
/** The time, with what its hold has counted already, or what holds in the way had counted. */
interface Taken {
  readonly time: BookableTime;
  readonly held: readonly string[] | null;
  readonly freed: readonly string[];
}
export interface Desk {
  readonly practice: PracticeId;
  readonly subject: string;
}

/** Books into the own or a partner's calendar, whole or not at all. Throws OpeningTaken, NotShared, HoldUnknown, HoldEnded, PatientUnknown, AnotherVisitThen; with a referral also ReferralUnknown, ReferralOfAnother, ReferralStepNotAllowed, AuthorisationExpired. */
@Injectable()
export class BookAppointment {
  constructor(
    private readonly bookability: Bookability,
    private readonly occupancy: OccupancyRepository,
    private readonly quotas: QuotaRepository,
    private readonly holds: HoldRepository,
    private readonly patients: PatientRepository,
    private readonly hostRecords: HostRecords,
    private readonly appointments: AppointmentRepository,
    private readonly personTime: TakePersonTime,
    private readonly alternatives: Alternatives,
    private readonly reasons: VisitReasons,
    private readonly referralVisits: ReferralVisits,
    private readonly care: CareRepository,
  ) {}

  async execute(tx: Tx, desk: Desk, booking: Booking): Promise<Appointment> {
    const id = newId<AppointmentId>();
    // Why first: what the patient needs is taken with the time.
    const patient = await this.patients.find(tx, booking.patient);
    const needs = patient?.practice_id === desk.practice ? needsIn(patient) : null;
    const taken = 'hold' in booking.what ? await this.fromHold(tx, desk, booking.what, id, needs, booking.overbook ?? null) : await this.fromOpening(tx, desk, booking.what.opening, id, needs, booking.overbook ?? null);
    if (!patient || patient.practice_id !== desk.practice) throw new PatientUnknown();
    if (patient.deceased) throw new PatientDeceased();
    if (patient.wrapped_key === null) throw new PatientErased();
    const { offering, agreement } = taken.time;
    // Why here: the referral is locked behind holds and appointments and before the person (P1).
    if (booking.referral !== null) await this.referralVisits.book(tx, desk.practice, booking.referral, { id, host: offering.practice, patient: booking.patient, service: offering.service, start: taken.time.start, zone: offering.zone });
    const foreign = offering.practice !== desk.practice;
    const hostPatient = foreign && agreement !== null ? await this.hostRecords.hostRecordFor(tx, { host: offering.practice, agreement, patient: booking.patient, profile: 'booking' }) : booking.patient;
    const draft: Omit<Appointment, 'quotas'> = {
      id, revision: 1, version: 1, status: 'booked', participation: 'needs-action', host: offering.practice, booking: desk.practice, patient: hostPatient, bookingPatient: foreign ? booking.patient : null,
      referral: booking.referral, person: patient.person_id, agreement, site: offering.site, provider: offering.provider, visitType: offering.visitType, service: offering.service, modality: offering.modality,
      zone: offering.zone, start: taken.time.start, end: taken.time.end, bookedAt: tx.now, bookedBy: desk.subject, cancelReason: null,
      sealedReason: booking.reason === null ? null : await this.reasons.seal(tx, { practice: offering.practice, agreement }, id, booking.reason),
      confidential: booking.confidential, care: taken.time.care,
    };
    await this.personTime.execute(tx, draft, booking.override);
    // Why after the person: quota rows are locked last, in every path (P1).
    const freed = [...taken.freed, ...(booking.freed ?? [])];
    if (taken.held) await this.quotas.giveBack(tx, freed);
    const quotas = taken.held ?? (await this.quotas.move(tx, freed, agreement, offering.practice, taken.time.quotas));
    if (quotas === null) throw await this.alternatives.taken(tx, desk.practice, offering, taken.time.start, tx.now, needs);
    const appointment: Appointment = { ...draft, quotas };
    await this.appointments.insert(tx, appointment);
    tx.outbox.add(booked(appointment, booking.by ?? initiatorOf(tx.actor, appointment)));
    tx.audit.record({ action: 'appointment.booked', entity: 'appointment', entityId: id, patient: hostPatient, details: { host: appointment.host, booking: appointment.booking, ...(booking.overbook ? { overbook: true } : {}) } });
    return appointment;
  }

  private async fromHold(tx: Tx, desk: Desk, { hold: id, heldBy = desk }: { readonly hold: HoldId; readonly heldBy?: Desk }, appointment: AppointmentId, needs: PatientNeeds | null, overbook: Overbook | null): Promise<Taken> {
    const { resources, care } = await this.occupancy.heldBy(tx, id);
    if (!sameNeeds(care, needs)) return this.takenAnew(tx, desk, { id, heldBy, resources }, appointment, needs, overbook);
    await this.occupancy.lock(tx, resources);
    const hold = requireUsable(await this.holds.lock(tx, id), heldBy, tx.now);
    // Why decided again: what is in force now governs the booking, and the agreement may have ended since the hold (P7). Its own quota is counted already.
    const time = await this.bookability.decideHeld(tx, desk.practice, hold, tx.now, needs);
    if (time === null) throw await this.alternatives.gone(tx, desk.practice, hold, tx.now, needs);
    await this.occupancy.handOver(tx, id, appointment, desk.practice, time.agreement);
    await this.holds.end(tx, hold, 'booked');
    return { time, held: hold.holder === desk.practice ? hold.quotas : null, freed: [] };
  }

  /** The hold was not made for what this patient needs: its time is given back and taken again with it, whole or not at all (P2). */
  private async takenAnew(tx: Tx, desk: Desk, held: { readonly id: HoldId; readonly heldBy: Desk; readonly resources: readonly ResourceId[] }, appointment: AppointmentId, needs: PatientNeeds | null, overbook: Overbook | null): Promise<Taken> {
    const seen = requireUsable(await this.holds.find(tx, held.id), held.heldBy, tx.now);
    const time = await this.bookability.decideHeld(tx, desk.practice, seen, tx.now, needs);
    if (time === null) throw await this.alternatives.gone(tx, desk.practice, seen, tx.now, needs);
    const mayNeed = [...held.resources, ...resourcesFor(time)];
    await this.occupancy.lock(tx, mayNeed);
    const hold = requireUsable(await this.holds.lock(tx, held.id), held.heldBy, tx.now);
    await this.occupancy.freeHold(tx, hold.id);
    const inTheWay = endedInTheWay(tx);
    const took = await this.occupancy.take(tx, desk.practice, time, { hold: null, appointment }, inTheWay.onEnded, mayNeed, extraLanes(desk.practice, time, overbook));
    if (!took) throw await this.alternatives.taken(tx, desk.practice, time.offering, time.start, tx.now, needs);
    await this.holds.end(tx, hold, 'booked');
    return { time, held: hold.holder === desk.practice ? hold.quotas : null, freed: inTheWay.freed };
  }

  /** What a booking of the hold for the patient may take beside what is held, so that a caller that locks first locks all in one go (P1). */
  async mayNeed(tx: Tx, practice: PracticeId, id: HoldId, patient: PatientId): Promise<ResourceId[]> {
    const [hold, needs] = [await this.holds.find(tx, id), await this.care.needsOf(tx, patient)];
    if (!hold || sameNeeds(hold.care, needs)) return [];
    const time = await this.bookability.decideHeld(tx, practice, hold, tx.now, needs);
    return time === null ? [] : resourcesFor(time);
  }

  private async fromOpening(tx: Tx, desk: Desk, opening: OpeningId, appointment: AppointmentId, needs: PatientNeeds | null, overbook: Overbook | null): Promise<Taken> {
    const time = await this.bookability.decide(tx, desk.practice, opening, tx.now, [], needs);
    if ('lost' in time) throw await this.alternatives.taken(tx, desk.practice, time.offering, time.start, tx.now, needs);
    const inTheWay = endedInTheWay(tx);
    const took = await this.occupancy.take(tx, desk.practice, time, { hold: null, appointment }, inTheWay.onEnded, [], extraLanes(desk.practice, time, overbook));
    if (!took) throw await this.alternatives.taken(tx, desk.practice, time.offering, time.start, tx.now, needs);
    return { time, held: null, freed: inTheWay.freed };
  }
}
