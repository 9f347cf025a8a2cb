import { Injectable } from '@nestjs/common';
import type { AppointmentId, OpeningId, PracticeId } from '@slotmesh/kernel';
import { StartAgain, type Tx } from '@slotmesh/persistence';
import { callWithdrawn, initiatorOf } from '../../appointments/appointment.events';
import { BookAppointment } from '../../appointments/commands/book-appointment';
import type { Desk } from '../../appointments/commands/take-visit-time';
import { CancelAppointment } from '../../appointments/commands/cancel-appointment';
import { ChangeAppointment } from '../../appointments/commands/change-appointment';
import { RescheduleAppointment } from '../../appointments/commands/reschedule-appointment';
import type { Appointment } from '../../appointments/domain/appointment';
import { AppointmentChanged } from '../../appointments/domain/appointment.errors';
import { AppointmentRepository } from '../../appointments/persistence/appointment.repository';
import { Alternatives } from '../../openings/alternatives';
import { Bookability, resourcesFor } from '../../openings/bookability';
import { CareRepository } from '../../openings/persistence/care.repository';
import { VisitReasons } from '../../patients/visit-reasons';
import { ChainGaps } from '../../visit-chains/chain-gaps';
import type { Answers } from '../../policies/domain/questions';
import { AbsenceLifted, AbsenceUnknown, AnotherService, BookingPracticeMoves, VisitMovedAlready, VisitNotAffected } from '../domain/absence.errors';
import { type Absence, AbsenceRepository, type AffectedRecord, type Agreed } from '../persistence/absence.repository';
import { recordMove } from './record-move';

export interface AgreedMove {
  readonly visit: AppointmentId;
  readonly opening: OpeningId;
  readonly agreed: Agreed;
  /** To the booking questions of a partner that it moves to. */
  readonly answers?: Answers | undefined;
  /** One of linked visits is moved also where a gap to the others breaks. */
  readonly breakGaps?: boolean | undefined;
}
/** FHIR appointment-cancellation-reason: called off by the provider. Such a time is offered to nobody. */
const BY_PROVIDER = 'prov';

/** What the patient agreed to about one affected visit. Nothing moves without a yes that is recorded: how it was given and by whom. */
@Injectable()
export class SettleVisit {
  constructor(
    private readonly absences: AbsenceRepository, private readonly appointments: AppointmentRepository, private readonly change: ChangeAppointment, private readonly reschedule: RescheduleAppointment,
    private readonly cancel: CancelAppointment, private readonly book: BookAppointment, private readonly bookability: Bookability, private readonly alternatives: Alternatives,
    private readonly care: CareRepository, private readonly texts: VisitReasons, private readonly gaps: ChainGaps,
  ) {}

  /** The visit's appointment after the move: the same in the own calendar, a new one at a partner. Again gives the same answer. Throws OpeningTaken, AnotherVisitThen, AnotherService, VisitNotAffected, VisitMovedAlready, BookingPracticeMoves, ChainGapBroken. */
  async move(tx: Tx, desk: Desk, id: string, { visit, opening, agreed, answers, breakGaps = false }: AgreedMove): Promise<AppointmentId> {
    const absence = await this.absenceOf(tx, desk.practice, id);
    const known = await this.absences.record(tx, id, visit);
    if (known?.outcome === 'moved' && known.movedTo !== null) {
      if (known.opening !== opening) throw new VisitMovedAlready(known.movedTo);
      return known.movedTo;
    }
    const seen = await this.affected(tx, absence, visit, known);
    const time = await this.bookability.decide(tx, desk.practice, opening, tx.now, [], await this.care.needsOf(tx, seen.patient, seen.bookingPatient));
    if (time.offering.practice !== desk.practice && seen.booking !== desk.practice) throw new BookingPracticeMoves();
    if (time.offering.service !== seen.service) throw new AnotherService();
    // Why the version: what was looked at above is what moves.
    const moved = await lookedAtAgain(async () => (time.offering.practice === desk.practice
      ? (await this.reschedule.execute(tx, desk.practice, { id: visit, opening, version: seen.version, override: null, breakGaps })).id
      : this.toPartner(tx, desk, seen, opening, time, answers, breakGaps)));
    await recordMove(tx, this.absences, absence, seen, { opening, to: moved, agreed, by: desk.subject });
    return moved;
  }

  /** The visit takes place after all. Throws VisitNotAffected, VisitMovedAlready. */
  async keep(tx: Tx, desk: Desk, id: string, visit: AppointmentId, reason: string): Promise<void> {
    const absence = await this.absenceOf(tx, desk.practice, id);
    await this.change.inPlace(tx, visit, null, async () => {
      const known = await this.absences.record(tx, id, visit);
      if (known?.outcome === 'moved' && known.movedTo !== null) throw new VisitMovedAlready(known.movedTo);
      const seen = await this.affected(tx, absence, visit, known);
      await this.absences.settle(tx, absence, { appointment: visit, start: known?.start ?? seen.start, outcome: 'kept', opening: null, movedTo: null, agreed: null, sealedNote: await this.texts.seal(tx, { practice: desk.practice, agreement: null }, visit, reason, `absence:${id}`), settledBy: desk.subject });
      if (known?.askedAt != null) tx.outbox.add(callWithdrawn(seen, initiatorOf(tx.actor, seen)));
      tx.audit.record({ action: 'absence.visit-kept', entity: 'appointment', entityId: visit, patient: seen.patient, details: { absence: id } });
    });
  }

  /** A new visit at the partner and the end of the old one, both or neither (P2). A referral to the own practice does not go along: it waits for its next visit again. */
  private async toPartner(tx: Tx, desk: Desk, seen: Appointment, opening: OpeningId, time: Awaited<ReturnType<Bookability['decide']>>, answers: Answers = {}, breakGaps = false): Promise<AppointmentId> {
    if ('lost' in time) throw await this.alternatives.taken(tx, desk.practice, time.offering, time.start, tx.now);
    return this.change.withTime(tx, seen.id, seen.version, resourcesFor(time), async (old) => {
      const gapBroken = await this.gaps.require(tx, old, { start: time.start, end: time.end, zone: time.offering.zone }, breakGaps);
      if (gapBroken) tx.audit.record({ action: 'absence.gap-broken', entity: 'appointment', entityId: old.id, patient: old.patient });
      // Why before the booking: the two times may overlap, and the patient is in one place (P8). Its quotas are given back by the booking, after the person (P1).
      await this.cancel.apply(tx, old, { reason: BY_PROVIDER, keepQuotas: true, goesOn: true });
      return (await this.book.execute(tx, desk, { what: { opening }, patient: old.patient, override: null, reason: null, answers, referral: null, confidential: old.confidential, freed: old.quotas, replaces: old, place: { series: null, chain: old.chain } })).id;
    });
  }

  private async absenceOf(tx: Tx, practice: PracticeId, id: string): Promise<Absence> {
    const absence = await this.absences.find(tx, practice, id);
    if (!absence) throw new AbsenceUnknown();
    if (absence.closure === null) throw new AbsenceLifted();
    return absence;
  }

  /** `known`: what had been settled about it a moment before. */
  private async affected(tx: Tx, absence: Absence, visit: AppointmentId, known: AffectedRecord | null): Promise<Appointment> {
    const seen = (await this.absences.visitsInside(tx, absence)).includes(visit) ? await this.appointments.find(tx, visit) : null;
    if (seen) return seen;
    // Why: it may have been moved between the two looks, by the same request, too.
    if (known?.outcome !== 'moved' && (await this.absences.record(tx, absence.id, visit))?.outcome === 'moved') throw new StartAgain('the visit was settled meanwhile');
    throw new VisitNotAffected();
  }
}

/** Why: a twin of this request, or another move of its chain, may have been first; a new look says whether that was the move that is asked for. */
async function lookedAtAgain<T>(fn: () => Promise<T>): Promise<T> {
  try {
    return await fn();
  } catch (error) {
    if (error instanceof AppointmentChanged) throw new StartAgain('the visit was changed meanwhile');
    throw error;
  }
}
