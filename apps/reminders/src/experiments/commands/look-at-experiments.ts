import { Injectable } from '@nestjs/common';
import { Clock, type Instant } from '@slotmesh/kernel';
import { type Tx, UnitOfWork, workerFor } from '@slotmesh/persistence';
import type { ArmCounts } from '../domain/attendance';
import { type Experiment, type StoppedBecause, isRunning } from '../domain/experiment';
import { ALPHA, boundsOf, endedByLook, patientsAtLook, verdictOf, zOf } from '../domain/stop-rule';
import { ExperimentRepository } from '../persistence/experiment.repository';
import { ExperimentVisitRepository, type LookFigures } from '../persistence/experiment-visit.repository';
import { KeepControl } from './keep-control';

type Due = { readonly kind: 'stop'; readonly because: StoppedBecause } | { readonly kind: 'look'; readonly look: number; readonly counts: readonly ArmCounts[] };

/** Ends experiments whose time is over or whose control is in force no more, and looks at the outcomes at the planned looks and at no other time. */
@Injectable()
export class LookAtExperiments {
  constructor(private readonly work: UnitOfWork, private readonly experiments: ExperimentRepository, private readonly visits: ExperimentVisitRepository, private readonly control: KeepControl, private readonly clock: Clock) {}

  async execute(): Promise<number> {
    const running = await this.work.run(workerFor('experiments', null), (tx) => this.experiments.running(tx));
    let did = 0;
    for (const { id, practice } of running) {
      did += await this.work.run(workerFor('experiments', practice), async (tx) => {
        const experiment = await this.experiments.lock(tx, id);
        const due = experiment?.state === 'running' ? await this.due(tx, experiment, tx.now) : null;
        if (!experiment || !due) return 0;
        const because = due.kind === 'stop' ? due.because : await this.look(tx, experiment, due.look, due.counts);
        if (because !== null) await this.end(tx, experiment, because);
        return 1;
      });
    }
    return did;
  }

  /** Whether something is to be done, and when the first of those that run ends. */
  state(): Promise<{ dueNow: boolean; nextDue: Instant | null }> {
    return this.work.run(workerFor('experiments', null), async (tx) => {
      const running = await this.experiments.running(tx);
      for (const experiment of running) if (await this.due(tx, experiment, this.clock.now())) return { dueNow: true, nextDue: null };
      const ends = running.flatMap(({ endsAt }) => endsAt ?? []);
      return { dueNow: false, nextDue: ends.length === 0 ? null : ends.reduce((first, end) => (end < first ? end : first)) };
    });
  }

  private async due(tx: Tx, experiment: Experiment, now: Instant): Promise<Due | null> {
    if (!isRunning(experiment, now)) return { kind: 'stop', because: 'end-date' };
    const control = await this.control.inForce(tx, experiment.practice, experiment.controlPlan);
    if (control?.id !== experiment.controlVersion) return { kind: 'stop', because: 'control-changed' };
    const counts = await this.visits.counts(tx, experiment);
    const look = (await this.visits.looks(tx, experiment.id)).length + 1;
    return counts.reduce((sum, { first }) => sum + first.visits, 0) >= patientsAtLook(look, experiment) ? { kind: 'look', look, counts } : null;
  }

  /** Why it ends; null where it goes on. */
  private async look(tx: Tx, experiment: Experiment, look: number, [control, ...arms]: readonly ArmCounts[]): Promise<StoppedBecause | null> {
    const bound = boundsOf(experiment.looks, ALPHA / arms.length)[look - 1];
    if (!control || bound === undefined) throw new Error('a look that was not planned');
    const compared = arms.map(({ arm, first }) => {
      const z = zOf(first, control.first);
      return { arm, ...first, z, verdict: verdictOf(z, bound) };
    });
    const figures: LookFigures = [{ arm: control.arm, ...control.first, z: null, verdict: null }, ...compared];
    await this.visits.addLook(tx, experiment, { look, bound, figures });
    tx.audit.record({ action: 'experiment.looked-at', entity: 'experiment', entityId: experiment.id, details: { look } });
    return endedByLook(compared.map(({ verdict }) => verdict), look === experiment.looks);
  }

  private async end(tx: Tx, experiment: Experiment, because: StoppedBecause): Promise<void> {
    await this.experiments.step(tx, { ...experiment, state: 'stopped', stoppedAt: tx.now, because });
    tx.audit.record({ action: 'experiment.stopped', entity: 'experiment', entityId: experiment.id, details: { because } });
  }
}
