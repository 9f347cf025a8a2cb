import { DecisionChanged } from '@slotmesh/contracts';
import { formatInstant } from '@slotmesh/kernel';
import { type OutgoingEvent, eventOf } from '@slotmesh/persistence';
import type { Decision } from './domain/decision';

export const decisionChanged = (decision: Decision): OutgoingEvent => eventOf(DecisionChanged, { key: decision.id, host: decision.mover }, {
  id: decision.id, partnership: decision.partnership, practices: decision.members.map(({ practice }) => practice), mover: decision.mover, kind: decision.kind, state: decision.state,
  opensAt: formatInstant(decision.opensAt), dueAt: formatInstant(decision.dueAt), result: decision.tally,
});
