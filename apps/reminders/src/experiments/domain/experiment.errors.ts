import { DomainError } from '@slotmesh/kernel';
import type { ExperimentState } from './experiment';

export class ExperimentUnknown extends DomainError {
  constructor() {
    super('not-found', 'experiment-unknown', 'There is no such experiment in this practice.');
  }
}
export class ControlNotInForce extends DomainError {
  constructor() {
    super('unprocessable', 'control-not-in-force', 'The control must be a plan that visits of this practice follow now: its own, or that of the network. The list of plans shows them.');
  }
}
export class ArmIsLess extends DomainError {
  constructor(arm: string, sentences: readonly string[]) {
    super('unprocessable', 'arm-is-less', `Arm ${arm} is less than the plan in force, and nobody gets less for an experiment. ${sentences.join(' ')}`, { arm });
  }
}
/** The author cannot approve, and nobody but a clinician can. */
export class AnotherClinicianApproves extends DomainError {
  constructor() {
    super('forbidden', 'another-clinician-approves', 'An experiment is approved by a clinician of the practice who did not propose it.');
  }
}
export class ExperimentNotThere extends DomainError {
  constructor(state: ExperimentState, needed: ExperimentState) {
    super('conflict', 'experiment-state', `This experiment is ${state}; that can be done only while it is ${needed}.`, { state });
  }
}
export class ExperimentStopped extends DomainError {
  constructor() {
    super('conflict', 'experiment-stopped', 'This experiment has stopped. Propose a new one.', {});
  }
}
export class ControlTaken extends DomainError {
  constructor(experiment: string) {
    super('conflict', 'control-taken', 'Another experiment about the same plan is running. Stop it first.', { experiment });
  }
}
