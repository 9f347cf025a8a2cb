import type { Instant, PatientId } from '@slotmesh/kernel';
import type { VisitChange } from '../../plans/domain/step-time';
import { armOf } from './allocation';
import { type Arm, type Experiment, isRunning } from './experiment';

/** A running experiment of the visit's host, with the arm that this visit was given before. */
export interface ExperimentOfVisit {
  readonly experiment: Experiment;
  readonly assigned: string | null;
}
export interface ChosenArm {
  readonly experiment: Experiment;
  readonly arm: Arm;
  /** The visit is given it now. */
  readonly isNew: boolean;
}

/** The arm of a visit: the one it was given, through every move, while the experiment runs; else, when it is booked after the start and would follow the very version that is the control, the one of its patient. Null: the plan in force. */
export function chooseArm(experiments: readonly ExperimentOfVisit[], patient: PatientId, inForce: { readonly id: string }, change: Pick<VisitChange, 'trigger' | 'at'>, now: Instant): ChosenArm | null {
  const running = experiments.filter(({ experiment }) => isRunning(experiment, now));
  const given = running.find(({ assigned }) => assigned !== null);
  if (given) {
    const arm = given.experiment.arms.find(({ key }) => key === given.assigned);
    return arm ? { experiment: given.experiment, arm, isNew: false } : null;
  }
  const open = running.find(({ experiment }) => experiment.controlVersion === inForce.id && experiment.startedAt !== null && experiment.startedAt <= change.at);
  return change.trigger === 'booked' && open ? { experiment: open.experiment, arm: armOf(open.experiment.seed, open.experiment.arms, patient), isNew: true } : null;
}
