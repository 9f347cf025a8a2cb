import { Injectable } from '@nestjs/common';
import { type OpeningId, type PracticeId, type VisitChainId, plusMs } from '@slotmesh/kernel';
import { StartAgain, type Tx } from '@slotmesh/persistence';
import { type Refused, allOrNone } from '../../appointments/commands/all-or-none';
import { RescheduleAppointment } from '../../appointments/commands/reschedule-appointment';
import type { Override } from '../../appointments/commands/take-person-time';
import type { Appointment } from '../../appointments/domain/appointment';
import { AppointmentChanged } from '../../appointments/domain/appointment.errors';
import { AppointmentRepository } from '../../appointments/persistence/appointment.repository';
import { OpeningNeverBookable } from '../../openings/domain/opening.errors';
import { parseOpeningId } from '../../openings/domain/opening-id';
import { OfferingRepository } from '../../openings/persistence/offering.repository';
import type { Answers } from '../../policies/domain/questions';
import { BookingPracticeMovesChain, NoChainedVisitLeft, StepGoesElsewhere, StepsDoNotMatch, StepsOutOfOrder, VisitChainClash, VisitChainUnknown, outOfOrder } from '../domain/visit-chain.errors';
import { type VisitChain, VisitChainRepository } from '../persistence/visit-chain.repository';
import { type PlannedStep, StepAlternatives } from '../step-alternatives';

export interface ChainMove {
  /** The first step that moves; what is before it stays. */
  readonly from: number;
  readonly steps: readonly { readonly opening: OpeningId; readonly answers?: Answers | undefined; readonly version?: number | undefined }[];
  readonly breakGaps: boolean;
  readonly override: Override | null;
}
interface StepMove {
  readonly visit: Appointment;
  readonly step: number;
  readonly opening: OpeningId;
  readonly answers?: Answers | undefined;
  readonly version?: number | undefined;
}

/** Moves linked visits to other openings as one, at one practice or several, whole or not at all (P2); they may take one another's times. Throws VisitChainUnknown, BookingPracticeMovesChain, NoChainedVisitLeft, StepsDoNotMatch, StepGoesElsewhere, StepsOutOfOrder, VisitChainClash, OneOfSeveralRefused, AppointmentChanged. */
@Injectable()
export class MoveChain {
  constructor(private readonly chains: VisitChainRepository, private readonly appointments: AppointmentRepository, private readonly reschedule: RescheduleAppointment, private readonly offerings: OfferingRepository, private readonly alternatives: StepAlternatives) {}

  async execute(tx: Tx, practice: PracticeId, id: VisitChainId, move: ChainMove): Promise<Appointment[]> {
    const chain = await this.chains.find(tx, id);
    if (!chain) throw new VisitChainUnknown();
    if (chain.booking !== practice) throw new BookingPracticeMovesChain();
    const all = await this.appointments.ofChain(tx, id);
    const moves = await this.plan(tx, all, move);
    const tried = await this.attempt(tx, practice, moves, move);
    if ('refused' in tried) throw await this.clash(tx, chain, all, moves, tried.refused);
    tx.audit.record({ action: 'visit-chain.moved', entity: 'visit-chain', entityId: id, patient: moves[0]?.visit.patient ?? null, details: { from: move.from, visits: tried.done.length } });
    return tried.done;
  }

  private async plan(tx: Tx, all: readonly Appointment[], { from, steps }: ChainMove): Promise<StepMove[]> {
    const toCome = all.flatMap((visit) => (visit.chain !== null && visit.chain.step >= from && (visit.status === 'booked' || visit.status === 'pending') && visit.start > tx.now ? [{ visit, step: visit.chain.step }] : []));
    if (toCome.length === 0) throw new NoChainedVisitLeft();
    if (toCome.length !== steps.length) throw new StepsDoNotMatch(toCome.map(({ step }) => step));
    const moves = toCome.map((one, i): StepMove => ({ ...one, ...steps[i]! }));
    const wrong = outOfOrder(moves.map(({ opening }) => parseOpeningId(opening).start));
    if (wrong !== null) throw new StepsOutOfOrder(moves[wrong - 1]!.step);
    for (const { visit, step, opening, version } of moves) {
      if (version !== undefined && version !== visit.version) throw new AppointmentChanged(visit.version);
      const ref = parseOpeningId(opening);
      const offering = ref.kind === 'own' ? await this.offerings.byRefs(tx, ref) : null;
      if (!offering) throw new OpeningNeverBookable();
      if (offering.practice !== visit.host || offering.service !== visit.service) throw new StepGoesElsewhere(step);
    }
    return moves;
  }

  private async attempt(tx: Tx, practice: PracticeId, moves: readonly StepMove[], { breakGaps, override }: ChainMove) {
    try {
      return await allOrNone(tx, (refuse) => this.reschedule.together(tx, practice, moves.map(({ visit, step, opening, answers }, sent) => ({ id: visit.id, version: visit.version, opening, answers, name: { step, sent }, breakGaps, override })), refuse));
    } catch (error) {
      // Why from the start: one of them was moved or called off between the look and the lock, and then others are to be given.
      throw error instanceof AppointmentChanged ? new StartAgain('one of the linked visits was changed meanwhile') : error;
    }
  }

  private async clash(tx: Tx, chain: VisitChain, all: readonly Appointment[], moves: readonly StepMove[], refused: readonly Refused[]): Promise<VisitChainClash> {
    const { visit } = moves[0]!;
    const planned = [null, ...chain.gaps].map((_, i): PlannedStep => {
      const move = moves.find(({ step }) => step === i + 1);
      if (move) {
        const { start } = parseOpeningId(move.opening);
        return { opening: move.opening, start, end: { end: plusMs(start, move.visit.end - move.visit.start), zone: move.visit.zone }, wish: { service: move.visit.service, practice: move.visit.host } };
      }
      const stays = all.find(({ chain: place, status }) => place?.step === i + 1 && status !== 'cancelled' && status !== 'noshow' && status !== 'entered-in-error');
      return { opening: null, start: stays?.start ?? tx.now, end: stays ? { end: stays.end, zone: stays.zone } : null, wish: null };
    });
    const { clashes, chains } = await this.alternatives.of(tx, chain.booking, visit.bookingPatient ?? visit.patient, planned, chain.gaps, refused.map(({ index, refusal }) => ({ index: moves[index]!.step - 1, refusal })), tx.now);
    return new VisitChainClash(clashes, chains);
  }
}
