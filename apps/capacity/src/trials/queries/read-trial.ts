import { Injectable } from '@nestjs/common';
import { type Actor, UnitOfWork } from '@slotmesh/persistence';
import { plannerOf } from '../../planner';
import { TrialUnknown } from '../domain/trial.errors';
import { type StoredTrial, TrialRepository } from '../persistence/trial.repository';

export type TrialView = Omit<StoredTrial, 'requestHash'>;

/** Throws TrialUnknown. */
@Injectable()
export class ReadTrial {
  constructor(private readonly work: UnitOfWork, private readonly trials: TrialRepository) {}

  async execute(actor: Actor, id: string): Promise<TrialView> {
    const found = await this.work.run(plannerOf(actor), (tx) => this.trials.find(tx, id));
    if (!found) throw new TrialUnknown();
    const { requestHash: _, ...trial } = found;
    return trial;
  }
}
