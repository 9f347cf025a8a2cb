import { Injectable } from '@nestjs/common';
import { type AgreementId, type DisputeId, type PracticeId, newId } from '@slotmesh/kernel';
import type { Tx } from '@slotmesh/persistence';
import type { Signatory } from '../../agreements/domain/agreement-version';
import { disputeChanged } from '../dispute-events';
import { MeasureStandards } from '../../standards/queries/measure-standards';
import type { Measure } from '../../standards/standards-terms.schema';
import { type BreachedStandard, type Dispute, firstDue } from '../domain/dispute';
import { NoDisputeOfParties, StandardNotBreached } from '../domain/dispute.errors';
import { DisputeRepository } from '../persistence/dispute.repository';

export interface DisputeAsked {
  readonly agreement: AgreementId;
  readonly against: PracticeId;
  /** One that the other party breaches now; never opened by the breach itself. */
  readonly standard: Measure | null;
  /** In the opener's words; null: the standard says it. */
  readonly matter: string | null;
}

/** A party of an agreement opens a dispute with another one. Throws NoDisputeOfParties, StandardNotBreached. */
@Injectable()
export class OpenDispute {
  constructor(private readonly disputes: DisputeRepository, private readonly measure: MeasureStandards) {}

  async execute(tx: Tx, by: Signatory, asked: DisputeAsked): Promise<DisputeId> {
    if (asked.against === by.practice || !(await this.disputes.areParties(tx, asked.agreement, by.practice, asked.against, tx.now))) throw new NoDisputeOfParties();
    const standard = asked.standard === null ? null : await this.breached(tx, by, asked, asked.standard);
    const matter = asked.matter ?? (standard === null ? '' : `${standard.measure}: ${standard.value}, agreed are ${standard.limit} at most.`);
    const dispute: Dispute = {
      ...asked, standard, matter, id: newId<DisputeId>(), opener: by.practice, openedBy: by.subject, openedAt: tx.now, state: 'open', dueAt: firstDue(tx.now), toldOf: null, agreedBy: null, agreedText: null, outcome: null, closedBy: null, closedAt: null, closing: null,
    };
    await this.disputes.add(tx, dispute);
    tx.outbox.add(disputeChanged(dispute, tx.now));
    tx.audit.record({ action: 'dispute.opened', entity: 'dispute', entityId: dispute.id, details: { agreement: asked.agreement, against: asked.against } });
    return dispute.id;
  }

  private async breached(tx: Tx, by: Signatory, asked: DisputeAsked, measure: Measure): Promise<BreachedStandard> {
    const found = (await this.measure.execute(tx, by.practice, asked.agreement, tx.now)).find((one) => one.practice === asked.against && one.measure === measure);
    if (!found) throw new StandardNotBreached('not-agreed');
    const { value, cases, state, limit, periodDays, asOf } = found;
    if (state !== 'breached' || value === null || cases === null) throw new StandardNotBreached(state === 'kept' ? 'kept' : 'too-few');
    return { measure, value, limit, cases, periodDays, asOf };
  }
}
