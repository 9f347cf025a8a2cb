import { DisputeChanged } from '@slotmesh/contracts';
import { type Instant, formatInstant } from '@slotmesh/kernel';
import { type OutgoingEvent, eventOf } from '@slotmesh/persistence';
import { type Dispute, isOverdue, nextStepOf } from './domain/dispute';

export const disputeChanged = (dispute: Dispute, now: Instant): OutgoingEvent => eventOf(DisputeChanged, { key: dispute.id, host: dispute.against, booking: dispute.opener }, {
  id: dispute.id, agreement: dispute.agreement, opener: dispute.opener, against: dispute.against, state: dispute.state, outcome: dispute.outcome, next: nextStepOf(dispute.state),
  dueAt: dispute.dueAt === null ? null : formatInstant(dispute.dueAt), overdue: isOverdue(dispute, now), ...(dispute.standard === null ? {} : { standard: dispute.standard.measure }),
});
