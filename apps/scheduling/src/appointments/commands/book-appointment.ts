import { Injectable } from '@nestjs/common';
import { type AppointmentId, type HoldId, type OpeningId, type PatientId, type PracticeId, type ReferralId, type ResourceId, type SeriesId, type VisitChainId, newId } from '@slotmesh/kernel';
import type { Tx } from '@slotmesh/persistence';
import { QuotaRepository } from '../../agreements/persistence/quota.repository';
import { requireUsable } from '../../holds/domain/hold';
import { HoldRepository, endedInTheWay } from '../../holds/persistence/hold.repository';
import { Alternatives } from '../../openings/alternatives';
import { Bookability, mayNeed } from '../../openings/bookability';
import type { BookableTime } from '../../openings/domain/opening';
import { OccupancyRepository } from '../../openings/persistence/occupancy.repository';
import { HostRecords } from '../../patients/host-records';
import { PatientErased, PatientUnknown } from '../../patients/patient.errors';
import { VisitReasons } from '../../patients/visit-reasons';
import { PatientRepository } from '../../patients/persistence/patient.repository';
import { ReferralVisits } from '../../referrals/referral-visits';
import { type By, booked, initiatorOf } from '../appointment.events';
import type { Appointment, SeriesPlace } from '../domain/appointment';
import { PatientDeceased } from '../domain/appointment.errors';
import { AppointmentRepository } from '../persistence/appointment.repository';
import { type Refuse, refusalOf } from './refusals';
import { type Override, TakePersonTime } from './take-person-time';

export interface Booking extends ForWhom {
  /** Either a hold, of this desk or kept by `heldBy` for the patient, or an opening taken at once. */
  readonly what: { readonly hold: HoldId; readonly heldBy?: Desk } | { readonly opening: OpeningId };
}
export interface ForWhom {
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
  /** Quotas of a visit that is given up for this one. */
  readonly freed?: readonly string[];
  /** For an offer that takes the place of a visit of a series or chain: its place goes along. */
  readonly place?: { readonly series: SeriesPlace | null; readonly chain: VisitChainId | null };
}
/** The times of visits that are booked as one, and what holds them together. */
export interface Together {
  readonly openings: readonly OpeningId[];
  readonly by: { readonly series: SeriesId } | { readonly chain: VisitChainId };
}
/** The time, with what its hold has counted already, or what holds in the way had counted. */
interface Taken {
  readonly id: AppointmentId;
  /** Which of the visits that were asked for. */
  readonly index: number;
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
  ) {}

  async execute(tx: Tx, desk: Desk, booking: Booking): Promise<Appointment> {
    const refuse: Refuse = async (_, refusal) => {
      throw 'gone' in refusal ? await this.alternatives.taken(tx, desk.practice, refusal.gone.offering, refusal.gone.start, tx.now) : refusal.error;
    };
    const taken = 'hold' in booking.what ? [await this.fromHold(tx, desk, booking.what)] : await this.fromOpenings(tx, desk, [booking.what.opening], refuse);
    const [appointment] = await this.book(tx, desk, taken, booking, () => booking.place ?? { series: null, chain: null }, refuse);
    if (!appointment) throw new Error('a booking that nothing refused has no visit');
    return appointment;
  }

  /** Several visits of one patient, all in one lock order (P1). What stands in the way of each goes to `refuse`; where there is any, the caller takes everything back. A referral goes with the first. */
  async together(tx: Tx, desk: Desk, { openings, by }: Together, forWhom: ForWhom, refuse: Refuse): Promise<Appointment[]> {
    const taken = await this.fromOpenings(tx, desk, openings, refuse);
    return this.book(tx, desk, taken, forWhom, ({ time }) => ('series' in by ? { series: { id: by.series, plannedStart: time.start }, chain: null } : { series: null, chain: by.chain }), refuse);
  }

  private async book(tx: Tx, desk: Desk, taken: readonly Taken[], forWhom: ForWhom, placeOf: (taken: Taken) => Pick<Appointment, 'series' | 'chain'>, refuse: Refuse): Promise<Appointment[]> {
    const [first] = taken;
    if (!first) return [];
    const patient = await this.patients.find(tx, forWhom.patient);
    if (!patient || patient.practice_id !== desk.practice) throw new PatientUnknown();
    if (patient.deceased) throw new PatientDeceased();
    if (patient.wrapped_key === null) throw new PatientErased();
    // Why here: the referral is locked behind holds and appointments and before the person (P1).
    if (forWhom.referral !== null) await this.referralVisits.book(tx, desk.practice, forWhom.referral, { id: first.id, host: first.time.offering.practice, patient: forWhom.patient, service: first.time.offering.service, start: first.time.start, zone: first.time.offering.zone });
    const drafts: Omit<Appointment, 'quotas'>[] = [];
    const records = new Map<PracticeId, PatientId>([[desk.practice, forWhom.patient]]);
    for (const visit of taken) {
      const { id, time } = visit;
      const { offering, agreement } = time;
      const foreign = offering.practice !== desk.practice;
      const hostPatient = records.get(offering.practice) ?? (agreement === null ? forWhom.patient : await this.hostRecords.hostRecordFor(tx, { host: offering.practice, agreement, patient: forWhom.patient, profile: 'booking' }));
      records.set(offering.practice, hostPatient);
      drafts.push({
        id, revision: 1, version: 1, status: 'booked', participation: 'needs-action', host: offering.practice, booking: desk.practice, patient: hostPatient, bookingPatient: foreign ? forWhom.patient : null,
        referral: visit === first ? forWhom.referral : null, person: patient.person_id, agreement, site: offering.site, provider: offering.provider, visitType: offering.visitType, service: offering.service, modality: offering.modality,
        zone: offering.zone, start: time.start, end: time.end, bookedAt: tx.now, bookedBy: desk.subject, cancelReason: null,
        sealedReason: forWhom.reason === null ? null : await this.reasons.seal(tx, { practice: offering.practice, agreement }, id, forWhom.reason),
        confidential: forWhom.confidential, ...placeOf(visit),
      });
    }
    for (const [i, draft] of drafts.entries()) await refusalOf(taken[i]!.index, () => this.personTime.execute(tx, draft, forWhom.override), refuse);
    const counted = await this.count(tx, taken, forWhom);
    const booking: Appointment[] = [];
    for (const [i, draft] of drafts.entries()) {
      const { index, time } = taken[i]!;
      const quotas = counted[i] ?? null;
      if (quotas === null) await refuse(index, { gone: time, why: 'quota-used' });
      else booking.push({ ...draft, quotas });
    }
    for (const appointment of booking) {
      await this.appointments.insert(tx, appointment);
      tx.outbox.add(booked(appointment, forWhom.by ?? initiatorOf(tx.actor, appointment)));
      tx.audit.record({ action: 'appointment.booked', entity: 'appointment', entityId: appointment.id, patient: appointment.patient, details: { host: appointment.host, booking: appointment.booking } });
    }
    return booking;
  }

  /** Why after the person: quota rows are locked last, in every path (P1). Null for each visit whose quota is full. */
  private async count(tx: Tx, taken: readonly Taken[], forWhom: ForWhom): Promise<readonly (readonly string[] | null)[]> {
    const freed = [...taken.flatMap((visit) => visit.freed), ...(forWhom.freed ?? [])];
    const [first] = taken;
    if (first?.held) {
      await this.quotas.giveBack(tx, freed);
      return [first.held];
    }
    return this.quotas.moveAll(tx, freed, taken.map(({ time }) => ({ agreement: time.agreement, host: time.offering.practice, claims: time.quotas })));
  }

  private async fromHold(tx: Tx, desk: Desk, { hold: id, heldBy = desk }: { readonly hold: HoldId; readonly heldBy?: Desk }): Promise<Taken> {
    await this.occupancy.lock(tx, await this.occupancy.resourcesOf(tx, { hold: id }));
    const hold = requireUsable(await this.holds.lock(tx, id), heldBy, tx.now);
    // Why decided again: what is in force now governs the booking, and the agreement may have ended since the hold (P7). Its own quota is counted already.
    const time = await this.bookability.decideHeld(tx, desk.practice, hold, tx.now);
    if (time === null) throw await this.alternatives.gone(tx, desk.practice, hold, tx.now);
    const appointment = newId<AppointmentId>();
    await this.occupancy.handOver(tx, id, appointment, desk.practice, time.agreement);
    await this.holds.end(tx, hold, 'booked');
    return { id: appointment, index: 0, time, held: hold.holder === desk.practice ? hold.quotas : null, freed: [] };
  }

  /** Takes what can be taken of them. Several: everything that any of them may need is locked before the first is taken. */
  private async fromOpenings(tx: Tx, desk: Desk, openings: readonly OpeningId[], refuse: Refuse): Promise<Taken[]> {
    const open: { readonly index: number; readonly time: Parameters<OccupancyRepository['take']>[2] }[] = [];
    for (const [index, opening] of openings.entries()) {
      const time = await refusalOf(index, () => this.bookability.decide(tx, desk.practice, opening, tx.now), refuse);
      if (time === null) continue;
      if ('lost' in time) await refuse(index, { gone: time, why: 'not-open' });
      else open.push({ index, time });
    }
    if (open.length > 1) await this.occupancy.lock(tx, open.flatMap(({ time }): ResourceId[] => mayNeed(time)));
    const taken: Taken[] = [];
    for (const { index, time } of open) {
      const id = newId<AppointmentId>();
      const inTheWay = endedInTheWay(tx);
      if (await this.occupancy.take(tx, desk.practice, time, { hold: null, appointment: id }, inTheWay.onEnded)) taken.push({ id, index, time, held: null, freed: inTheWay.freed });
      else await refuse(index, { gone: time, why: 'taken' });
    }
    return taken;
  }
}
