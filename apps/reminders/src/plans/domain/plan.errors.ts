import { DomainError } from '@slotmesh/kernel';

export class PlanUnknown extends DomainError {
  constructor() {
    super('not-found', 'plan-unknown', 'There is no such plan in this practice. The list of plans shows what there is.');
  }
}

export class PlanOfNetwork extends DomainError {
  constructor() {
    super('forbidden', 'plan-of-network', "This is the network's plan, which is the same for everybody. Make a plan of your own practice: it takes its place for your visits.");
  }
}

export class PlanRetired extends DomainError {
  constructor() {
    super('conflict', 'plan-retired', 'This plan was retired and is followed no longer. Make a new one.');
  }
}

export class PlanChanged extends DomainError {
  constructor(version: number) {
    super('precondition', 'version-changed', 'Somebody else changed this plan since you read it. Read it again and repeat your change.', { version });
  }
}

export class SelectorTaken extends DomainError {
  constructor(plan: string) {
    super('conflict', 'plan-selector-taken', 'Another plan of this practice is for exactly the same visits. Change that one, or say for which visits this one is.', { plan });
  }
}

export class VisitTypeUnknown extends DomainError {
  constructor() {
    super('unprocessable', 'visit-type-unknown', 'This practice has no such visit type. Where it was made a moment ago, try again.');
  }
}
