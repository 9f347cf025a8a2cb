import { Injectable } from '@nestjs/common';
import { type AgreementId, type DisputeId, type PracticeId, newId } from '@slotmesh/kernel';
import type { Tx } from '@slotmesh/persistence';
import type { Signatory } from '../../agreements/domain/agreement-version';
import { disputeChanged } from '../dispute-events';
import { type Dispute, firstDue } from '../domain/dispute';
import { NoDisputeOfParties } from '../domain/dispute.errors';
import { DisputeRepository } from '../persistence/dispute.repository';

/** A party of an agreement opens a dispute with another one. Throws NoDisputeOfParties. */
@Injectable()
export class OpenDispute {
  constructor(private readonly disputes: DisputeRepository) {}

  async execute(tx: Tx, by: Signatory, asked: { readonly agreement: AgreementId; readonly against: PracticeId; readonly matter: string }): Promise<DisputeId> {
    if (asked.against === by.practice || !(await this.disputes.areParties(tx, asked.agreement, by.practice, asked.against, tx.now))) throw new NoDisputeOfParties();
    const dispute: Dispute = {
      ...asked, id: newId<DisputeId>(), opener: by.practice, openedBy: by.subject, openedAt: tx.now, state: 'open', dueAt: firstDue(tx.now), toldOf: null, agreedBy: null, agreedText: null, outcome: null, closedBy: null, closedAt: null, closing: null,
    };
    await this.disputes.add(tx, dispute);
    tx.outbox.add(disputeChanged(dispute, tx.now));
    tx.audit.record({ action: 'dispute.opened', entity: 'dispute', entityId: dispute.id, details: { agreement: asked.agreement, against: asked.against } });
    return dispute.id;
  }
}
