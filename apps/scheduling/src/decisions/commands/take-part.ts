import { Injectable } from '@nestjs/common';
import { type DecisionId, formatInstant } from '@slotmesh/kernel';
import type { Tx } from '@slotmesh/persistence';
import type { Signatory } from '../../agreements/domain/agreement-version';
import { decisionChanged } from '../decision-events';
import type { Decision } from '../domain/decision';
import { ConflictDeclared, DecisionStepRefused, DecisionUnknown, InConflict, LeftThePartnership, NotOpenYet, NotTheMover, VotedAlready } from '../domain/decision.errors';
import { type Vote, isSettled } from '../domain/tally';
import { DecisionRepository } from '../persistence/decision.repository';
import { SettleDecisions } from './settle-decisions';

/** What a member does with a motion that is open: each practice has one vote, which any of its signatories casts or changes until the motion is due. */
@Injectable()
export class TakePart {
  constructor(private readonly decisions: DecisionRepository, private readonly settle: SettleDecisions) {}

  /** Throws DecisionUnknown, DecisionStepRefused, NotOpenYet, LeftThePartnership, InConflict. */
  async vote(tx: Tx, by: Signatory, id: DecisionId, vote: Vote): Promise<void> {
    const decision = await this.open(tx, by, id);
    if (tx.now < decision.opensAt) throw new NotOpenYet(formatInstant(decision.opensAt));
    if ((await this.decisions.conflicts(tx, id)).some(({ practice }) => practice === by.practice)) throw new InConflict();
    await this.decisions.cast(tx, decision, { practice: by.practice, vote, by: by.subject, at: tx.now });
    tx.audit.record({ action: 'decision.voted', entity: 'decision', entityId: id, details: { vote } });
  }

  /** Before the practice votes. Throws DecisionUnknown, DecisionStepRefused, LeftThePartnership, VotedAlready, ConflictDeclared. */
  async declareConflict(tx: Tx, by: Signatory, id: DecisionId, reason: string): Promise<void> {
    const decision = await this.open(tx, by, id);
    const declared = await this.decisions.conflicts(tx, id);
    if (declared.some(({ practice }) => practice === by.practice)) throw new ConflictDeclared();
    if ((await this.decisions.votes(tx, id)).some(({ practice }) => practice === by.practice)) throw new VotedAlready();
    const conflict = { practice: by.practice, reason, by: by.subject, at: tx.now };
    await this.decisions.addConflict(tx, decision, conflict);
    tx.audit.record({ action: 'decision.conflict-declared', entity: 'decision', entityId: id });
    if (isSettled({ members: decision.members, notCounted: [...declared, conflict].map(({ practice }) => practice) })) await this.settle.count(tx, decision);
  }

  /** Throws DecisionUnknown, DecisionStepRefused, LeftThePartnership, NotTheMover. */
  async withdraw(tx: Tx, by: Signatory, id: DecisionId, reason: string): Promise<void> {
    const decision = await this.open(tx, by, id);
    if (decision.mover !== by.practice || decision.movedBy !== by.subject) throw new NotTheMover();
    await this.decisions.withdraw(tx, id, reason, tx.now);
    tx.outbox.add(decisionChanged({ ...decision, state: 'withdrawn' }));
    tx.audit.record({ action: 'decision.withdrawn', entity: 'decision', entityId: id });
  }

  private async open(tx: Tx, by: Signatory, id: DecisionId): Promise<Decision> {
    const decision = await this.decisions.find(tx, id, by.practice, true);
    if (!decision) throw new DecisionUnknown();
    if (decision.state !== 'open') throw new DecisionStepRefused(decision.state, 'Nothing is changed any more.');
    // Why here, too: the sweeper comes a moment later, and what it counts ends at the instant.
    if (tx.now >= decision.dueAt) throw new DecisionStepRefused(decision.state, `It was due at ${formatInstant(decision.dueAt)} and is being counted.`);
    if ((await this.decisions.partnershipOf(tx, by.practice)) !== decision.partnership) throw new LeftThePartnership();
    return decision;
  }
}
