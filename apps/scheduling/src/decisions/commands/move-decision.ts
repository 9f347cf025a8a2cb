import { Injectable } from '@nestjs/common';
import { DAY, type DecisionId, type PracticeId, newId, plusMs } from '@slotmesh/kernel';
import type { Tx } from '@slotmesh/persistence';
import type { Signatory } from '../../agreements/domain/agreement-version';
import { decisionChanged } from '../decision-events';
import type { Decision, Motion } from '../domain/decision';
import { MotionTimesRefused, NoMotionWithoutPartnership, WeightOfNoMember } from '../domain/decision.errors';
import { DecisionRepository } from '../persistence/decision.repository';

const LONGEST_DAYS = 366;

/** Puts a motion before all who are members of the partnership now. Throws NoMotionWithoutPartnership, WeightOfNoMember, MotionTimesRefused. */
@Injectable()
export class MoveDecision {
  constructor(private readonly decisions: DecisionRepository) {}

  /** `weights`: of those whose weight is not 1. */
  async execute(tx: Tx, by: Signatory, motion: Motion, weights: ReadonlyMap<PracticeId, number>): Promise<DecisionId> {
    const partnership = await this.decisions.partnershipOf(tx, by.practice);
    if (partnership === null) throw new NoMotionWithoutPartnership();
    const members = await this.decisions.membersOf(tx, partnership);
    const strangers = [...weights.keys()].filter((practice) => !members.includes(practice));
    if (strangers.length > 0) throw new WeightOfNoMember(strangers);
    const opensAt = motion.opensAt < tx.now ? tx.now : motion.opensAt;
    if (motion.dueAt <= opensAt) throw new MotionTimesRefused('A motion is due (dueAt) after it opens (opensAt), and in the future.');
    if (motion.dueAt > plusMs(tx.now, LONGEST_DAYS * DAY)) throw new MotionTimesRefused(`A motion is due within ${LONGEST_DAYS} days.`);
    const decision: Decision = {
      ...motion, opensAt, id: newId<DecisionId>(), partnership, members: members.map((practice) => ({ practice, weight: weights.get(practice) ?? 1 })), mover: by.practice, movedBy: by.subject, movedAt: tx.now,
      state: 'open', decidedAt: null, tally: null, departed: [], withdrawnReason: null,
    };
    await this.decisions.add(tx, decision);
    tx.outbox.add(decisionChanged(decision));
    tx.audit.record({ action: 'decision.moved', entity: 'decision', entityId: decision.id, details: { kind: motion.kind, quorum: motion.quorum, threshold: motion.threshold } });
    return decision.id;
  }
}
