import { Injectable } from '@nestjs/common';
import { DAY, type DecisionId, newId, plusMs } from '@slotmesh/kernel';
import type { Tx } from '@slotmesh/persistence';
import type { Signatory } from '../../agreements/domain/agreement-version';
import { decisionChanged } from '../decision-events';
import type { Decision, Motion } from '../domain/decision';
import { BelowAgreedVoting, MotionTimesRefused, NoMotionWithoutPartnership } from '../domain/decision.errors';
import { DecisionRepository } from '../persistence/decision.repository';

const LONGEST_DAYS = 366;

/** What its mover says of a motion; a quorum or threshold that is not named is the agreed one. */
export interface Moved extends Omit<Motion, 'quorum' | 'threshold'> {
  readonly quorum: number | null;
  readonly threshold: number | null;
}

/** Puts a motion before all who are members of the partnership now, with the weights that they agreed on. Throws NoMotionWithoutPartnership, BelowAgreedVoting, MotionTimesRefused. */
@Injectable()
export class MoveDecision {
  constructor(private readonly decisions: DecisionRepository) {}

  async execute(tx: Tx, by: Signatory, motion: Moved): Promise<DecisionId> {
    const partnership = await this.decisions.partnershipOf(tx, by.practice);
    if (partnership === null) throw new NoMotionWithoutPartnership();
    const members = await this.decisions.membersOf(tx, partnership);
    const agreed = await this.decisions.votingOf(tx, partnership, members, tx.now);
    const { quorum, threshold } = { quorum: motion.quorum ?? agreed.quorum, threshold: motion.threshold ?? agreed.threshold };
    // Why: who moves a motion must not decide how easily it passes.
    if (quorum < agreed.quorum || threshold < agreed.threshold) throw new BelowAgreedVoting(agreed);
    const weightOf = new Map(agreed.weights.map(({ practice, weight }) => [practice, weight]));
    const opensAt = motion.opensAt < tx.now ? tx.now : motion.opensAt;
    if (motion.dueAt <= opensAt) throw new MotionTimesRefused('A motion is due (dueAt) after it opens (opensAt), and in the future.');
    if (motion.dueAt > plusMs(tx.now, LONGEST_DAYS * DAY)) throw new MotionTimesRefused(`A motion is due within ${LONGEST_DAYS} days.`);
    const decision: Decision = {
      ...motion, quorum, threshold, opensAt, id: newId<DecisionId>(), partnership, members: members.map((practice) => ({ practice, weight: weightOf.get(practice) ?? 1 })), mover: by.practice, movedBy: by.subject, movedAt: tx.now,
      state: 'open', decidedAt: null, tally: null, departed: [], withdrawnReason: null,
    };
    await this.decisions.add(tx, decision);
    tx.outbox.add(decisionChanged(decision));
    tx.audit.record({ action: 'decision.moved', entity: 'decision', entityId: decision.id, details: { kind: motion.kind, quorum, threshold } });
    return decision.id;
  }
}
