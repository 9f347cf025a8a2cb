import { Injectable } from '@nestjs/common';
import { Clock } from '@slotmesh/kernel';
import { UnitOfWork, workerFor } from '@slotmesh/persistence';
import { disputeChanged } from '../dispute-events';
import { isOverdue, nextStepOf } from '../domain/dispute';
import { DisputeRepository } from '../persistence/dispute.repository';

const AT_ONCE = 50;

/** A step that was not done in time is told once; it is still to be done. */
@Injectable()
export class TellOverdueSteps {
  constructor(private readonly work: UnitOfWork, private readonly clock: Clock, private readonly disputes: DisputeRepository) {}

  async execute(): Promise<number> {
    const due = await this.work.run(workerFor('disputes', null), (tx) => this.disputes.untold(tx, this.clock.now(), AT_ONCE));
    for (const id of due) {
      await this.work.run(workerFor('disputes', null), async (tx) => {
        const dispute = await this.disputes.find(tx, id, null, true);
        const next = dispute && nextStepOf(dispute.state);
        if (!dispute || !next || dispute.toldOf === next || !isOverdue(dispute, tx.now)) return;
        await this.disputes.told(tx, id, next);
        tx.outbox.add(disputeChanged(dispute, tx.now));
        for (const practice of [dispute.opener, dispute.against]) tx.audit.record({ action: 'dispute.step-overdue', entity: 'dispute', entityId: id, practice, details: { step: next } });
      });
    }
    return due.length;
  }
}
