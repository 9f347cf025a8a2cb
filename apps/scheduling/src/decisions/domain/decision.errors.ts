import { DomainError, type PracticeId } from '@slotmesh/kernel';
import type { DecisionState } from './decision';

export class DecisionUnknown extends DomainError {
  constructor() {
    super('not-found', 'decision-unknown', 'Your practice was no member when a motion of this id was moved, or there is none.');
  }
}
export class NoMotionWithoutPartnership extends DomainError {
  constructor() {
    super('unprocessable', 'no-partnership', 'Your practice is in no partnership, so there is nobody to decide with.');
  }
}
export class BelowAgreedVoting extends DomainError {
  constructor(agreed: { readonly quorum: number; readonly threshold: number }) {
    super('unprocessable', 'below-agreed-voting', `A motion may ask for more than is agreed, not for less: a quorum of ${agreed.quorum} percent and a threshold of ${agreed.threshold} percent.`, { ...agreed });
  }
}
export class MotionTimesRefused extends DomainError {
  constructor(what: string) {
    super('unprocessable', 'motion-times-refused', what);
  }
}
export class DecisionStepRefused extends DomainError {
  constructor(state: DecisionState, what: string) {
    super('conflict', 'decision-step-refused', `${what} The motion is ${state}.`, { state });
  }
}
export class NotOpenYet extends DomainError {
  constructor(opensAt: string) {
    super('conflict', 'motion-not-open-yet', `Votes are taken from ${opensAt} on. Vote then; a conflict of interest can be declared now.`, { opensAt });
  }
}
export class LeftThePartnership extends DomainError {
  constructor() {
    super('forbidden', 'left-the-partnership', 'Your practice has left the partnership and takes no part in what it decides.');
  }
}
export class InConflict extends DomainError {
  constructor() {
    super('forbidden', 'in-conflict', 'Your practice has declared a conflict of interest in this motion, so it does not vote on it.');
  }
}
export class VotedAlready extends DomainError {
  constructor() {
    super('conflict', 'voted-already', 'A conflict of interest is declared before the practice votes. Yours has voted; ask the mover to withdraw the motion and move it anew.');
  }
}
export class ConflictDeclared extends DomainError {
  constructor() {
    super('conflict', 'conflict-declared', 'Your practice has declared its conflict of interest in this motion already.');
  }
}
export class NotTheMover extends DomainError {
  constructor() {
    super('forbidden', 'not-the-mover', 'Only the person who moved it withdraws a motion.');
  }
}
export class TaskUnknown extends DomainError {
  constructor() {
    super('not-found', 'decision-task-unknown', 'This decision has no task of this id.');
  }
}
export class TaskOfAnother extends DomainError {
  constructor(owner: PracticeId) {
    super('forbidden', 'task-of-another', `${owner} answers for this task and says itself when it is done.`, { owner });
  }
}
export class TaskDone extends DomainError {
  constructor() {
    super('conflict', 'task-done', 'This task is done already.');
  }
}
export class OwnerIsNoMember extends DomainError {
  constructor(owner: PracticeId) {
    super('unprocessable', 'owner-is-no-member', `${owner} is no member of this decision, so it cannot answer for a task of it.`, { owner });
  }
}
