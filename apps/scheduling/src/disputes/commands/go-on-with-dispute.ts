import { Injectable } from '@nestjs/common';
import type { DisputeId } from '@slotmesh/kernel';
import type { Tx } from '@slotmesh/persistence';
import type { Signatory } from '../../agreements/domain/agreement-version';
import { disputeChanged } from '../dispute-events';
import { type Dispute, type DisputeOutcome, type DisputeStep, afterStep, requireClosing } from '../domain/dispute';
import { DisputeUnknown, OtherPartyAwaited } from '../domain/dispute.errors';
import { DisputeRepository } from '../persistence/dispute.repository';

/** The steps of a dispute: answer, meeting, mediation, each with a text; and its end. */
@Injectable()
export class GoOnWithDispute {
  constructor(private readonly disputes: DisputeRepository) {}

  /** Throws DisputeUnknown, DisputeStepRefused, NotYoursToDo. */
  async take(tx: Tx, by: Signatory, id: DisputeId, step: DisputeStep, text: string): Promise<void> {
    const dispute = await this.locked(tx, by, id);
    const after = afterStep(dispute, step, by.practice);
    await this.disputes.addStep(tx, dispute, { step, practice: by.practice, text, by: by.subject, at: tx.now, dueAt: dispute.dueAt ?? tx.now }, after);
    tx.outbox.add(disputeChanged({ ...dispute, ...after }, tx.now));
    tx.audit.record({ action: `dispute.${after.state}`, entity: 'dispute', entityId: id });
  }

  /** That the parties agree, each of them says; it is closed by the second. Throws DisputeUnknown, DisputeStepRefused, NotYoursToDo, OutsideTooEarly, OtherPartyAwaited. */
  async close(tx: Tx, by: Signatory, id: DisputeId, outcome: DisputeOutcome, text: string): Promise<void> {
    const dispute = await this.locked(tx, by, id);
    requireClosing(dispute, outcome, by.practice, tx.now);
    if (outcome === 'agreed' && dispute.agreedBy === by.practice) throw new OtherPartyAwaited();
    if (outcome === 'agreed' && dispute.agreedBy === null) {
      await this.disputes.agree(tx, id, by.practice, text);
      tx.audit.record({ action: 'dispute.agreement-offered', entity: 'dispute', entityId: id });
      return;
    }
    await this.disputes.close(tx, id, outcome, text, by.subject, tx.now);
    tx.outbox.add(disputeChanged({ ...dispute, state: 'closed', outcome, dueAt: null }, tx.now));
    tx.audit.record({ action: 'dispute.closed', entity: 'dispute', entityId: id, details: { outcome } });
  }

  private async locked(tx: Tx, by: Signatory, id: DisputeId): Promise<Dispute> {
    const dispute = await this.disputes.find(tx, id, by.practice, true);
    if (!dispute) throw new DisputeUnknown();
    return dispute;
  }
}
