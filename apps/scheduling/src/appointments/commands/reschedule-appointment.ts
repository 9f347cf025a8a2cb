import { Injectable } from '@nestjs/common';
import { type AppointmentId, type Instant, type OpeningId, type PracticeId, localDateOf } from '@slotmesh/kernel';
import type { Tx } from '@slotmesh/persistence';
import { QuotaRepository } from '../../agreements/persistence/quota.repository';
import { endedInTheWay } from '../../holds/persistence/hold.repository';
import { Alternatives } from '../../openings/alternatives';
import { Bookability, resourcesFor } from '../../openings/bookability';
import type { BookableTime, Offering } from '../../openings/domain/opening';
import { CareRepository } from '../../openings/persistence/care.repository';
import { OccupancyRepository } from '../../openings/persistence/occupancy.repository';
import { RestrictionRepository } from '../../disclosures/persistence/restriction.repository';
import { MarkRepository } from '../../marks/persistence/mark.repository';
import { PatientRepository } from '../../patients/persistence/patient.repository';
import { VisitReasons } from '../../patients/visit-reasons';
import { type Answers, requireAnswers } from '../../policies/domain/questions';
import { PolicyFacts } from '../../policies/policy-facts';
import { ReferralVisits } from '../../referrals/referral-visits';
import { initiatorOf, rescheduled } from '../appointment.events';
import { ChainGaps, type MovedAlong } from '../../visit-chains/chain-gaps';
import { type Appointment, moveTo } from '../domain/appointment';
import { ApprovalNeeded } from '../domain/approval';
import { isLate } from '../domain/cancel-window';
import { AppointmentChanged, AppointmentUnknown, MoveWithinHost } from '../domain/appointment.errors';
import { type VisitName, requireOfEach } from '../domain/one-of-several';
import { statusAfter } from '../domain/transitions';
import { AppointmentRepository } from '../persistence/appointment.repository';
import { ChangeAppointment } from './change-appointment';
import { type Refuse, refusalOf } from './refusals';
import { type Override, TakePersonTime } from './take-person-time';

export interface Move {
  readonly id: AppointmentId;
  readonly opening: OpeningId;
  readonly version: number | null;
  readonly override: Override | null;
  /** Where the new time is of another visit type, which asks something else. */
  readonly answers?: Answers | undefined;
  /** Where it is one of several that move as one. */
  readonly name?: VisitName;
  /** Moves one of linked visits also where a gap to the others breaks. */
  readonly breakGaps?: boolean | undefined;
}

/** Moves a visit to another opening of the same host, whole or not at all (P2). Throws OpeningTaken, SessionLimitReached, KeptForOthers, NotShared, TransitionNotAllowed, AnotherVisitThen, MoveWithinHost, PatientRestricts, RefusedByPolicy, RedFlagRaised, AnswersRequired, AnswersDoNotFit, ChainGapBroken, ApprovalNeeded. */
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
    private readonly patients: PatientRepository,
    private readonly policies: PolicyFacts,
    private readonly reasons: VisitReasons,
    private readonly marks: MarkRepository,
    private readonly gaps: ChainGaps,
    private readonly restrictions: RestrictionRepository,
  ) {}

  async execute(tx: Tx, practice: PracticeId, move: Move): Promise<Appointment> {
    const [after] = await this.together(tx, practice, [move], async (_, refusal) => {
      throw 'gone' in refusal ? await this.alternatives.taken(tx, practice, refusal.gone.offering, refusal.gone.start, tx.now, await this.needsOf(tx, await this.appointments.find(tx, move.id)), refusal.why) : refusal.error;
    });
    if (!after) throw new AppointmentUnknown();
    return after;
  }

  /** Several visits of one patient, of one host or all booked by the practice that moves them; they may change places. What stands in the way of each goes to `refuse`; where there is any, the caller takes everything back. What they are asked is thrown, as at booking: other times would not answer it. */
  async together(tx: Tx, practice: PracticeId, moves: readonly Move[], refuse: Refuse, settle: (after: Appointment) => Appointment = (after) => after): Promise<Appointment[]> {
    const known = moves.length === 1 ? [await this.appointments.find(tx, moves[0]!.id)] : await this.appointments.findMany(tx, moves.map(({ id }) => id));
    const uses = known.flatMap((visit) => visit?.quotas ?? []);
    const rows = new Map((await this.quotas.countedBy(tx, [...new Set(uses)])).map((row) => [row.id, row]));
    const counted = uses.flatMap((id) => rows.get(id) ?? []);
    // Why of the first: they are visits of one patient.
    const needs = await this.needsOf(tx, known.find((visit) => visit !== null) ?? null);
    const open: { readonly index: number; readonly move: Move; readonly time: Parameters<OccupancyRepository['take']>[2] }[] = [];
    for (const [index, move] of moves.entries()) {
      const time = await refusalOf(index, () => this.bookability.decide(tx, practice, move.opening, tx.now, counted, needs), refuse);
      if (time === null) continue;
      if ('lost' in time) await refuse(index, { gone: time, why: 'not-open' });
      // Why not a request at the new time: the visit that stands would be lost by a no.
      else if (time.approveBy !== null) await refuse(index, { error: new ApprovalNeeded() });
      else open.push({ index, move, time });
    }
    const needed = [...new Set(open.flatMap(({ time }) => resourcesFor(time)))];
    return this.change.allWithTime(tx, moves.map(({ id }) => id), needed, async (locked) => {
      const visits = open.map((each) => {
        const before = locked.find(({ id }) => id === each.move.id);
        if (!before) throw new AppointmentUnknown();
        if (each.move.version !== null && each.move.version !== before.version) throw new AppointmentChanged(before.version);
        if (before.host !== each.time.offering.practice) throw new MoveWithinHost();
        statusAfter('reschedule', before, tx.now);
        return { ...each, before, byHost: practice === before.host && before.booking !== before.host };
      });
      // Why before the gaps: a red flag must not wait for them.
      await requireOfEach(visits, ({ move }) => move.name ?? null, ({ before, time, move }) => requireAnswersOf(before, time.offering, move.answers));
      // Why: behind the end of sharing it would be a visit that nobody promised; it goes there only with the patient's yes, whom the booking practice asks.
      for (const { index, before, time, byHost } of visits) if (byHost) await refusalOf(index, () => this.bookability.requireNoEndBetween(tx, before, time.offering, time.start, tx.now), refuse);
      const along = movedAlong(locked, visits);
      const broken = new Set<AppointmentId>();
      for (const { index, before, time, move } of visits) {
        // Why here: the chain is locked behind appointments and before referrals (P1).
        if (await refusalOf(index, () => this.gaps.require(tx, before, { start: time.start, end: time.end, zone: time.offering.zone }, move.breakGaps ?? false, along), refuse)) broken.add(before.id);
      }
      for (const { index, before, time } of visits) await refusalOf(index, () => this.requirePolicy(tx, before, time.offering, time.start), refuse);
      for (const { before, byHost } of visits) {
        // Why not where the host moves a partner's visit: it needs that time for itself.
        if (!byHost) await this.appointments.noteFreedTime(tx, before.id);
        // Why first: its own old rows must not refuse the move, nor those of the others that move with it.
        await this.occupancy.freeAppointment(tx, before.id);
      }
      const inTheWay = endedInTheWay(tx);
      const moved: typeof visits = [];
      for (const visit of visits) {
        const { before, time, index } = visit;
        const lost = await this.occupancy.lossOf(tx, before.booking, { ...time, agreement: time.agreement ?? before.agreement }, { hold: null, appointment: before.id }, inTheWay.onEnded, needed);
        if (lost === null) moved.push(visit);
        else await refuse(index, { gone: time, why: lost });
      }
      // Why sorted: linked visits may each have one, and they are locked in one order, too (P1).
      for (const { before, time } of [...moved].sort((a, b) => ((a.before.referral ?? '') < (b.before.referral ?? '') ? -1 : 1))) await this.referralVisits.move(tx, before, { service: time.offering.service, start: time.start, zone: time.offering.zone });
      // Why not where the host moves it: nothing goes to it that it has not.
      for (const { before, index } of moved) if (before.bookingPatient !== null && practice === before.booking && practice !== before.host) await refusalOf(index, () => this.restrictions.requireLocked(tx, before.bookingPatient!, before.host), refuse);
      if (moved.length > 1) for (const { before } of moved) await this.appointments.freePersonTime(tx, before.id);
      for (const { before, time, index, move } of moved) {
        await refusalOf(index, () => this.personTime.execute(tx, { id: before.id, person: before.person, patient: before.patient, start: time.start, end: time.end }, move.override), refuse);
      }
      const quotas = await this.count(tx, moved, inTheWay.freed);
      const after: Appointment[] = [];
      for (const [i, { before, time, index, move }] of moved.entries()) {
        const mine = quotas[i] ?? null;
        if (mine === null) {
          await refuse(index, { gone: time, why: 'quota-used' });
          continue;
        }
        // Why only on their own page: a desk may have asked the patient to move. Why before the update: the mark reads the visit as it stood.
        if (tx.actor.kind === 'patient' && isLate(before, tx.now)) await this.marks.late(tx, before, 'late-move');
        const visit = await this.appointments.update(tx, await this.answered(tx, settle(moveTo(before, time, mine, tx.now)), move.answers));
        tx.outbox.add(rescheduled(visit, before, initiatorOf(tx.actor, visit)));
        tx.audit.record({ action: 'appointment.rescheduled', entity: 'appointment', entityId: visit.id, patient: visit.patient, details: { revision: visit.revision, ...(broken.has(visit.id) ? { gapBroken: true } : {}) } });
        after.push(visit);
      }
      return after;
    });
  }

  private async count(tx: Tx, moved: readonly { readonly before: Appointment; readonly time: BookableTime; readonly byHost: boolean }[], freed: readonly string[]): Promise<readonly (string[] | null)[]> {
    if (moved[0]?.byHost) return this.quotas.follow(tx, moved.map(({ before, time }) => ({ before: before.quotas, date: localDateOf(time.start, time.offering.zone) })), freed);
    return this.quotas.moveAll(tx, [...moved.flatMap(({ before }) => before.quotas), ...freed], moved.map(({ time }) => ({ host: time.offering.practice, claims: time.quotas })));
  }

  /** Why whichever record is readable: the needs are the patient's, and both practices keep them. */
  private needsOf(tx: Tx, visit: Appointment | null) {
    return visit ? this.care.needsOf(tx, visit.patient, visit.bookingPatient) : Promise.resolve(null);
  }

  private async answered(tx: Tx, visit: Appointment, answers: Answers | undefined): Promise<Appointment> {
    if (answers === undefined || Object.keys(answers).length === 0) return visit;
    return { ...visit, sealedAnswers: await this.reasons.seal(tx, { practice: visit.host, agreement: visit.agreement }, visit.id, JSON.stringify(answers), 'answers') };
  }

  /** The patient is the record of the practice that acts. */
  private async requirePolicy(tx: Tx, before: Appointment, offering: Offering, start: Instant): Promise<void> {
    const patient = await this.patients.find(tx, tx.actor.practice === before.host ? before.patient : (before.bookingPatient ?? before.patient));
    if (patient) await this.policies.require(tx, patient, offering, start, before.referral);
  }
}

/** Answers stay with the visit, so only another visit type has something to ask. */
function requireAnswersOf(before: Appointment, offering: Offering, answers: Answers | undefined): void {
  if (answers !== undefined || before.visitType !== offering.visitType) requireAnswers(offering.policy?.questions ?? [], answers ?? {}, 'move');
}

/** By their steps: where linked visits go that move at once. Null for one whose new time was refused already: it says nothing of the gaps to the others. */
function movedAlong(locked: readonly Appointment[], visits: readonly { readonly before: Appointment; readonly time: BookableTime }[]): MovedAlong {
  return new Map(locked.flatMap(({ id, chain }) => {
    const time = visits.find(({ before }) => before.id === id)?.time;
    return chain === null ? [] : [[chain.step, time ? { start: time.start, end: time.end, zone: time.offering.zone } : null] as const];
  }));
}
