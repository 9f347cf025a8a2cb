import { Injectable } from '@nestjs/common';
import { formatInstant } from '@slotmesh/kernel';
import { type Tx, UnitOfWork } from '@slotmesh/persistence';
import type { StaffCaller } from '@slotmesh/security';
import { type ArmCounts, FEWEST_SHOWN, shownDifference, shownShare } from '../domain/attendance';
import type { Experiment } from '../domain/experiment';
import { ExperimentUnknown } from '../domain/experiment.errors';
import { patientsAtLook } from '../domain/stop-rule';
import { ExperimentRepository } from '../persistence/experiment.repository';
import { ExperimentVisitRepository, type Look } from '../persistence/experiment-visit.repository';

/** What an experiment shows of itself: while it runs who got which arm and the looks that are behind it, the outcomes of all only once it has stopped. */
@Injectable()
export class ShowResult {
  constructor(private readonly work: UnitOfWork, private readonly experiments: ExperimentRepository, private readonly visits: ExperimentVisitRepository) {}

  /** Throws ExperimentUnknown. */
  execute({ actor, practice }: StaffCaller, id: string) {
    return this.work.run(actor, async (tx) => {
      const experiment = await this.experiments.find(tx, id);
      if (experiment?.practice !== practice) throw new ExperimentUnknown();
      return this.shown(tx, experiment);
    });
  }

  private async shown(tx: Tx, experiment: Experiment) {
    const counts = await this.visits.counts(tx, experiment);
    const [control] = counts;
    const looks = await this.visits.looks(tx, experiment.id);
    const isOpen = experiment.state === 'stopped';
    return {
      experiment: experiment.id, state: experiment.state, because: experiment.because, hidden: !isOpen, looks: looks.map(shownLook),
      nextLookAt: experiment.state === 'running' ? { patients: patientsAtLook(looks.length + 1, experiment) } : null,
      arms: counts.map((arm) => ({ arm: arm.arm, booked: enough(arm.booked), patients: enough(arm.patients), outcomes: isOpen && control ? shownOutcomes(arm, control) : null })),
    };
  }
}

const enough = (count: number): number | null => (count < FEWEST_SHOWN ? null : count);

const shownOutcomes = (arm: ArmCounts, control: ArmCounts) => ({
  firstVisits: shownShare(arm.first), allVisits: shownShare(arm.all), cancelledAhead: enough(arm.cancelledAhead), cancelledLate: enough(arm.cancelledLate), unmarked: enough(arm.unmarked),
  toControl: arm.arm === control.arm ? null : shownDifference(arm.first, control.first),
});

function shownLook({ look, bound, figures, at }: Look) {
  const [control] = figures;
  return {
    look, at: formatInstant(at), bound,
    arms: figures.map((arm) => ({ arm: arm.arm, firstVisits: shownShare(arm), z: arm.z, verdict: arm.verdict, toControl: control && arm.arm !== control.arm ? shownDifference(arm, control) : null })),
  };
}
