import { DomainError } from '@slotmesh/kernel';
import type { ExitLine, ExitPlan } from './domain/exit-plan';

export class ExitPlanUnknown extends DomainError {
  constructor() {
    super('not-found', 'exit-plan-unknown', 'Your practice has to do with no exit plan of this id.');
  }
}
export class ExitBegun extends DomainError {
  constructor(id: string) {
    super('conflict', 'exit-begun', 'Your practice has an exit plan already. Go on with that one.', { exitPlan: id });
  }
}
export class NoMember extends DomainError {
  constructor() {
    super('unprocessable', 'no-partnership', 'Your practice is in no partnership, so there is nothing to leave.');
  }
}
export class ExitStepRefused extends DomainError {
  constructor(state: ExitPlan['state'], what: string) {
    super('conflict', 'exit-step-refused', `The exit plan is in the state "${state}": ${what}.`, { state });
  }
}
export class NotTheLeaver extends DomainError {
  constructor() {
    super('forbidden', 'not-the-leaver', 'Only the practice that leaves does this.');
  }
}
export class ConfirmedByTheSame extends DomainError {
  constructor() {
    super('forbidden', 'second-person-needed', 'You gave this notice. A second person of your practice has to confirm it.');
  }
}
export class NotTheHost extends DomainError {
  constructor(visits: readonly string[]) {
    super('unprocessable', 'not-to-honour', 'These visits are not hosted by your practice, or do not lie behind the exit: nothing was changed.', { visits });
  }
}
export class ChecklistOpen extends DomainError {
  constructor(open: readonly ExitLine[]) {
    super('conflict', 'checklist-open', `Not yet: ${open.map(({ item, evidence }) => `${item} (${evidence})`).join('; ')}.`, { open: open.map(({ item }) => item) });
  }
}
