import { DomainError, type PracticeId } from '@slotmesh/kernel';
import type { DisputeState, DisputeStep } from './dispute';

export class DisputeUnknown extends DomainError {
  constructor() {
    super('not-found', 'dispute-unknown', 'Your practice is no party of a dispute with this id.');
  }
}
export class NoDisputeOfParties extends DomainError {
  constructor() {
    super('unprocessable', 'not-parties', 'A dispute is between two parties of an agreement that is or was in force. Name the agreement, and the other party in "against".');
  }
}
export class StandardNotBreached extends DomainError {
  constructor(state: 'kept' | 'too-few' | 'not-agreed') {
    const why = { kept: 'that practice keeps it', 'too-few': 'there are too few cases to say so', 'not-agreed': 'it is not in what is agreed now' }[state];
    super('conflict', 'standard-not-breached', `This standard is not breached: ${why}. Read the standards of the agreement, or open a dispute in your own words.`, { state });
  }
}
export class DisputeStepRefused extends DomainError {
  constructor(state: DisputeState, next: DisputeStep | null) {
    super('conflict', 'dispute-step-refused', state === 'closed' ? 'The dispute is closed. Open another one where something new has come up.' : `The dispute is ${state}: ${next === null ? 'it can be closed now' : `the next step is "${next}"`}.`, { state, next });
  }
}
export class NotYoursToDo extends DomainError {
  constructor(practice: PracticeId) {
    super('forbidden', 'not-yours-to-do', `This step is done by ${practice}.`, { practice });
  }
}
export class OutsideTooEarly extends DomainError {
  constructor() {
    super('conflict', 'outside-too-early', 'A mediator outside is called once the parties have met, or a step is overdue. Meet first.');
  }
}
export class OtherPartyAwaited extends DomainError {
  constructor() {
    super('conflict', 'other-party-awaited', 'Your practice has said that you agree. The dispute closes when the other party says so, too.');
  }
}
