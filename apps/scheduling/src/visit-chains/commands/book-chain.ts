import { Injectable } from '@nestjs/common';
import { type OpeningId, type PracticeId, type ReferralId, type VisitChainId, newId, plusMinutes } from '@slotmesh/kernel';
import type { Tx } from '@slotmesh/persistence';
import { type Refused, allOrNone } from '../../appointments/commands/all-or-none';
import { BookAppointment, type ForWhom } from '../../appointments/commands/book-appointment';
import type { Desk } from '../../appointments/commands/take-visit-time';
import type { Appointment } from '../../appointments/domain/appointment';
import { parseOpeningId } from '../../openings/domain/opening-id';
import { OfferingRepository } from '../../openings/persistence/offering.repository';
import type { Answers } from '../../policies/domain/questions';
import { type Gap, isInside, windowAfter } from '../domain/gap';
import { StepBreaksGap, StepsOutOfOrder, VisitChainClash, outOfOrder } from '../domain/visit-chain.errors';
import { type VisitChain, VisitChainRepository } from '../persistence/visit-chain.repository';
import { type PlannedStep, StepAlternatives } from '../step-alternatives';

export interface ChainBooking {
  readonly steps: readonly { readonly opening: OpeningId; readonly answers?: Answers | undefined; readonly referral: ReferralId | null }[];
  readonly gaps: readonly Gap[];
  readonly forWhom: Omit<ForWhom, 'referral' | 'answers'>;
}

/** Books visits of unlike types that follow one another, at one practice or several, as one (P2). Throws VisitChainClash, StepsOutOfOrder, and what a booking throws. */
@Injectable()
export class BookChain {
  constructor(private readonly book: BookAppointment, private readonly chains: VisitChainRepository, private readonly offerings: OfferingRepository, private readonly alternatives: StepAlternatives) {}

  async execute(tx: Tx, desk: Desk, { steps, gaps, forWhom }: ChainBooking): Promise<{ readonly chain: VisitChain; readonly visits: readonly Appointment[] }> {
    const wrong = outOfOrder(steps.map(({ opening }) => parseOpeningId(opening).start));
    if (wrong !== null) throw new StepsOutOfOrder(wrong);
    const chain: VisitChain = { id: newId<VisitChainId>(), booking: desk.practice, gaps, bookedAt: tx.now, bookedBy: desk.subject };
    const tried = await allOrNone(tx, async (refuse) => {
      const visits = await this.book.together(tx, desk, { visits: steps, by: { chain: chain.id } }, { ...forWhom, referral: null }, refuse);
      // Why now: how long a visit is depends on the needs of the patient, and only now it is known.
      if (visits.length === steps.length) for (const [i, gap] of gaps.entries()) {
        const window = windowAfter(visits[i]!, gap);
        if (!isInside(window, visits[i + 1]!.start)) await refuse(i + 1, { error: new StepBreaksGap(i + 2, window) });
      }
      await this.chains.insert(tx, chain);
      return visits;
    });
    if ('refused' in tried) throw await this.clash(tx, desk.practice, { steps, gaps, forWhom }, tried.refused);
    tx.audit.record({ action: 'visit-chain.booked', entity: 'visit-chain', entityId: chain.id, patient: forWhom.patient, details: { visits: steps.length } });
    return { chain, visits: tried.done };
  }

  private async clash(tx: Tx, practice: PracticeId, { steps, gaps, forWhom }: ChainBooking, refused: readonly Refused[]): Promise<VisitChainClash> {
    const planned: PlannedStep[] = [];
    for (const { opening } of steps) {
      const ref = parseOpeningId(opening);
      const offering = ref.kind === 'own' ? await this.offerings.byRefs(tx, ref) : null;
      planned.push({ opening, start: ref.start, ...(offering ? { end: { end: plusMinutes(ref.start, offering.durationMinutes), zone: offering.zone }, wish: { service: offering.service } } : { end: null, wish: null }) });
    }
    const { clashes, chains } = await this.alternatives.of(tx, practice, forWhom.patient, planned, gaps, refused, tx.now);
    return new VisitChainClash(clashes, chains);
  }
}
