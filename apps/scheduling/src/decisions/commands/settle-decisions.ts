import { Injectable } from '@nestjs/common';
import { Clock } from '@slotmesh/kernel';
import { type Tx, UnitOfWork, workerFor } from '@slotmesh/persistence';
import { decisionChanged } from '../decision-events';
import type { Decision } from '../domain/decision';
import { resultOf } from '../domain/tally';
import { DecisionRepository } from '../persistence/decision.repository';

const AT_ONCE = 50;

/** Counts motions that are due. */
@Injectable()
export class SettleDecisions {
  constructor(private readonly work: UnitOfWork, private readonly clock: Clock, private readonly decisions: DecisionRepository) {}

  async execute(): Promise<number> {
    const due = await this.work.run(workerFor('decisions', null), (tx) => this.decisions.due(tx, this.clock.now(), AT_ONCE));
    for (const id of due) {
      await this.work.run(workerFor('decisions', null), async (tx) => {
        const decision = await this.decisions.find(tx, id, null, true);
        if (decision?.state === 'open' && decision.dueAt <= tx.now) await this.count(tx, decision);
      });
    }
    return due.length;
  }

  /** The decision is locked. Who has left the partnership by now does not count. */
  async count(tx: Tx, decision: Decision): Promise<void> {
    const [votes, conflicts, present] = [await this.decisions.votes(tx, decision.id), await this.decisions.conflicts(tx, decision.id), await this.decisions.membersOf(tx, decision.partnership)];
    const departed = decision.members.map(({ practice }) => practice).filter((practice) => !present.includes(practice));
    const { result, tally } = resultOf({ ...decision, votes, notCounted: [...departed, ...conflicts.map(({ practice }) => practice)] });
    await this.decisions.decide(tx, decision.id, result, tally, departed, tx.now);
    tx.outbox.add(decisionChanged({ ...decision, state: result, tally }));
    tx.audit.record({ action: `decision.${result}`, entity: 'decision', entityId: decision.id, details: { ...tally } });
  }
}
