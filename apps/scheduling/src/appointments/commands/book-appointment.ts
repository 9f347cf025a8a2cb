import { Injectable } from '@nestjs/common';
import { type LocalDate, type OpeningId, type PatientId, type PracticeId, type ReferralId, type SeriesId, type VisitChainId, formatInstant, localDateOf } from '@slotmesh/kernel';
import type { Tx } from '@slotmesh/persistence';
import { QuotaRepository } from '../../agreements/persistence/quota.repository';
import { Alternatives } from '../../openings/alternatives';
import type { Booked, Overbook } from '../../openings/bookability';
import { needsIn } from '../../openings/persistence/care.repository';
import { HostRecords } from '../../patients/host-records';
import { PatientErased, PatientUnknown } from '../../patients/patient.errors';
import { VisitReasons } from '../../patients/visit-reasons';
import { PatientRepository, type PatientRow } from '../../patients/persistence/patient.repository';
import { type Answers, requireAnswers } from '../../policies/domain/questions';
import { MarksPolicy } from '../../marks/marks-policy';
import { PolicyFacts } from '../../policies/policy-facts';
import { ReferralVisits } from '../../referrals/referral-visits';
import { type By, booked, initiatorOf } from '../appointment.events';
import type { Appointment, ChainPlace, SeriesPlace } from '../domain/appointment';
import { freeUntil } from '../domain/cancel-window';
import { PatientDeceased } from '../domain/appointment.errors';
import { ApprovalNeeded } from '../domain/approval';
import { type VisitName, requireOfEach } from '../domain/one-of-several';
import type { Origin } from '../domain/origin';
import { AppointmentRepository } from '../persistence/appointment.repository';
import { type Refuse, refusalOf } from './refusals';
import { type Override, TakePersonTime } from './take-person-time';
import { type Desk, type Taken, TakeVisitTime, type TimeAsked } from './take-visit-time';

export interface Booking extends ForWhom {
  readonly what: TimeAsked;
}
export interface ForWhom {
  /** The booking practice's own patient. */
  readonly patient: PatientId;
  readonly override: Override | null;
  /** Why the patient comes, for the host's eyes only. */
  readonly reason: string | null;
  /** To the host's booking questions. */
  readonly answers?: Answers;
  /** The referral that this visit comes from: it moves along. */
  readonly referral: ReferralId | null;
  /** The public link that the patient found it by. */
  readonly origin?: Origin;
  /** No representative gets a link to it. */
  readonly confidential: boolean;
  /** Where it is not the desk that decides. */
  readonly by?: By;
  /** Why a desk books for a patient with more marks than its policy lets pass. */
  readonly despiteMarks?: string;
  /** Asks for a time beside another visit, where the host's hours allow it. */
  readonly overbook?: Overbook;
  /** Quotas of a visit that is given up for this one. */
  readonly freed?: readonly string[];
  /** A visit that ends with this booking: the patient hears of one move. */
  readonly replaces?: Pick<Appointment, 'id' | 'bookedAt' | 'askedAt'>;
  /** For an offer that takes the place of a visit of a series or chain: its place goes along. */
  readonly place?: { readonly series: SeriesPlace | null; readonly chain: ChainPlace | null };
}
/** One of several visits that are booked as one. */
export interface OneOfMany {
  readonly opening: OpeningId;
  /** To the questions of its own visit type; default those of the whole booking. */
  readonly answers?: Answers | undefined;
  /** Where each has its own, or none: the one that this visit comes from. */
  readonly referral?: ReferralId | null;
  /** Of a visit of a series: the date that it plans. */
  readonly date?: LocalDate;
}
export interface Together {
  readonly visits: readonly OneOfMany[];
  /** What holds them together. */
  readonly by: { readonly series: SeriesId } | { readonly chain: VisitChainId };
}
/** Books into the own or a partner's calendar, whole or not at all. Throws OpeningTaken, SessionLimitReached, KeptForOthers, NotShared, HoldUnknown, HoldEnded, PatientUnknown, PatientRestricts, AnotherVisitThen, RedFlagRaised, AnswersRequired, AnswersDoNotFit, RefusedByPolicy, TooManyMarks; with a referral also ReferralUnknown, ReferralOfAnother, ReferralStepNotAllowed, AuthorisationExpired; with a publisher's reference BookingReferralUsed; where it has to be sure at once, ApprovalNeeded. */
@Injectable()
export class BookAppointment {
  constructor(
    private readonly time: TakeVisitTime,
    private readonly quotas: QuotaRepository,
    private readonly patients: PatientRepository,
    private readonly hostRecords: HostRecords,
    private readonly appointments: AppointmentRepository,
    private readonly personTime: TakePersonTime,
    private readonly alternatives: Alternatives,
    private readonly reasons: VisitReasons,
    private readonly referralVisits: ReferralVisits,
    private readonly policies: PolicyFacts,
    private readonly marks: MarksPolicy,
  ) {}

  async execute(tx: Tx, desk: Desk, booking: Booking): Promise<Appointment> {
    const patient = await this.patient(tx, desk, booking.patient);
    const needs = needsIn(patient);
    const refuse: Refuse = async (_, refusal) => {
      throw 'gone' in refusal ? await this.alternatives.taken(tx, desk.practice, refusal.gone.offering, refusal.gone.start, tx.now, needs, refusal.why) : refusal.error;
    };
    const ask = { needs, overbook: booking.overbook ?? null, booked: () => bookedFor(patient, booking.referral) };
    const taken = await this.time.take(tx, desk, booking.what, ask, refuse);
    const [appointment] = await this.book(tx, desk, taken, patient, booking, () => ({ ...(booking.place ?? { series: null, chain: null }), name: null }), refuse);
    if (!appointment) throw new Error('a booking that nothing refused has no visit');
    if ('extra' in booking.what && booking.what.extra.kind === 'urgent') tx.audit.record({ action: 'appointment.urgent', entity: 'appointment', entityId: appointment.id, patient: appointment.patient, details: { reason: booking.what.extra.reason } });
    return appointment;
  }

  /** Several visits of one patient, all in one lock order (P1). What stands in the way of each goes to `refuse`; where there is any, the caller takes everything back. A referral of the whole booking goes with the first. */
  async together(tx: Tx, desk: Desk, { visits, by }: Together, forWhom: ForWhom, refuse: Refuse): Promise<Appointment[]> {
    const patient = await this.patient(tx, desk, forWhom.patient);
    const taken = await this.time.takeOpenings(tx, desk, visits.map(({ opening }) => opening), { needs: needsIn(patient), overbook: null, booked: (index) => bookedFor(patient, referralOf(forWhom, visits, index)) }, refuse);
    return this.book(tx, desk, taken, patient, forWhom, ({ time, index }) => ('series' in by
      ? { series: { id: by.series, plannedStart: time.start }, chain: null, name: { date: visits[index]?.date ?? localDateOf(time.start, time.offering.zone) } }
      : { series: null, chain: { id: by.chain, step: index + 1 }, name: { step: index + 1, sent: index } }), refuse, visits);
  }

  /** Why before anything is taken: what the patient needs is taken with the time. */
  private async patient(tx: Tx, desk: Desk, id: PatientId): Promise<PatientRow> {
    const patient = await this.patients.find(tx, id);
    if (!patient || patient.practice_id !== desk.practice) throw new PatientUnknown();
    if (patient.deceased) throw new PatientDeceased();
    if (patient.wrapped_key === null) throw new PatientErased();
    return patient;
  }

  private async book(tx: Tx, desk: Desk, taken: readonly Taken[], patient: PatientRow, forWhom: ForWhom, placeOf: (taken: Taken) => Place, refuse: Refuse, own: readonly OneOfMany[] = []): Promise<Appointment[]> {
    const [first] = taken;
    if (!first) return [];
    // Why: what belongs together, or takes the place of a visit that ends with it, must not be broken by a later no.
    if (own.length > 0 || forWhom.replaces !== undefined) for (const { index, time } of taken) if (time.approveBy !== null) await refuse(index, { error: new ApprovalNeeded() });
    const answersFor = (visit: Taken): Answers => own[visit.index]?.answers ?? forWhom.answers ?? {};
    const followed = (visit: Taken): ReferralId | null => referralOf(forWhom, own, visit.index, visit === first);
    const nameOf = (visit: Taken): VisitName | null => placeOf(visit).name;
    await requireOfEach(taken, nameOf, (visit) => requireAnswers(visit.time.offering.policy?.questions ?? [], answersFor(visit)));
    // Why here: the referral is locked behind holds and appointments and before the person (P1).
    for (const { visit: { id, time: { offering, start } }, referral } of byReferral(taken, followed)) {
      await this.referralVisits.book(tx, desk.practice, referral, { id, host: offering.practice, patient: forWhom.patient, service: offering.service, start, zone: offering.zone });
    }
    for (const { index, time } of taken) await refusalOf(index, () => this.policies.require(tx, patient, time.offering, time.start, own[index]?.referral ?? forWhom.referral), refuse);
    // Why not where an offer is accepted: the desk put the patient on the list, and offered.
    if (forWhom.by === undefined) await requireOfEach(firstOfEachType(taken, desk.practice), nameOf, ({ time }) => this.marks.require(tx, time.offering, forWhom.patient, forWhom.despiteMarks ?? null));
    const drafts: Omit<Appointment, 'quotas'>[] = [];
    const records = new Map<PracticeId, PatientId>([[desk.practice, forWhom.patient]]);
    for (const visit of taken) {
      const { series, chain } = placeOf(visit);
      const { id, time } = visit;
      const { offering, agreement } = time;
      const answers = answersFor(visit);
      const foreign = offering.practice !== desk.practice;
      const hostPatient = records.get(offering.practice) ?? (agreement === null ? forWhom.patient : await this.hostRecords.hostRecordFor(tx, { host: offering.practice, agreement, patient: forWhom.patient, profile: 'booking', because: { kind: 'appointment', id } }));
      records.set(offering.practice, hostPatient);
      drafts.push({
        id, revision: 1, version: 1, status: time.approveBy === null ? 'booked' : 'pending', participation: 'needs-action', host: offering.practice, booking: desk.practice, patient: hostPatient, bookingPatient: foreign ? forWhom.patient : null,
        referral: followed(visit), person: patient.person_id, agreement, site: offering.site, provider: offering.provider, visitType: offering.visitType, service: offering.service, modality: offering.modality,
        zone: offering.zone, start: time.start, end: time.end, bookedAt: tx.now, askedAt: forWhom.replaces ? (forWhom.replaces.askedAt ?? forWhom.replaces.bookedAt) : null, bookedBy: desk.subject, cancelReason: null, cancelFreeUntil: freeUntil(offering.policy?.cancellationWindowHours ?? null, time.start, tx.now),
        sealedReason: forWhom.reason === null ? null : await this.reasons.seal(tx, { practice: offering.practice, agreement }, id, forWhom.reason),
        sealedAnswers: Object.keys(answers).length === 0 ? null : await this.reasons.seal(tx, { practice: offering.practice, agreement }, id, JSON.stringify(answers), 'answers'),
        confidential: forWhom.confidential, care: time.care, series, chain, origin: visit === first ? (forWhom.origin ?? null) : null, approval: time.approveBy === null ? null : { by: time.approveBy, state: 'waiting' },
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
      tx.outbox.add(booked(appointment, forWhom.by ?? initiatorOf(tx.actor, appointment), forWhom.replaces?.id));
      tx.audit.record({ action: 'appointment.booked', entity: 'appointment', entityId: appointment.id, patient: appointment.patient, details: { host: appointment.host, booking: appointment.booking, ...(forWhom.overbook ? { overbook: true } : {}), ...(appointment.approval === null ? {} : { approveBy: formatInstant(appointment.approval.by) }) } });
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
    return this.quotas.moveAll(tx, freed, taken.map(({ time }) => ({ host: time.offering.practice, claims: time.quotas })));
  }
}

const bookedFor = (patient: PatientRow, referral: ReferralId | null): Booked => ({ person: patient.person_id, payer: patient.payer, referral: referral !== null });
/** A referral of the whole booking goes with the first visit. */
function referralOf(forWhom: ForWhom, visits: readonly OneOfMany[], index: number, isFirst = index === 0): ReferralId | null {
  const mine = visits[index]?.referral;
  return mine === undefined ? (isFirst ? forWhom.referral : null) : mine;
}

/** A visit's place among others, and how the desk calls it; null: it is alone. */
interface Place {
  readonly series: SeriesPlace | null;
  readonly chain: ChainPlace | null;
  readonly name: VisitName | null;
}

/** In the own calendar: the rule about marks is a visit type's, and one reason goes past it for all visits of that type. */
const firstOfEachType = (taken: readonly Taken[], practice: PracticeId): Taken[] =>
  taken.filter(({ time: { offering } }, i) => offering.practice === practice && taken.findIndex((other) => other.time.offering.visitType === offering.visitType) === i);

/** Several referrals are locked in one order, too (P1). */
const byReferral = (taken: readonly Taken[], of: (visit: Taken) => ReferralId | null): { readonly visit: Taken; readonly referral: ReferralId }[] =>
  taken.flatMap((visit) => { const referral = of(visit); return referral === null ? [] : [{ visit, referral }]; }).sort((a, b) => (a.referral < b.referral ? -1 : 1));
