import { Injectable } from '@nestjs/common';
import { DomainError, formatInstant } from '@slotmesh/kernel';
import { type Actor, UnitOfWork } from '@slotmesh/persistence';
import { trainingInstant, watchedModel } from '../domain/watched-model';
import { VisitsOfPatientsRepository } from '../persistence/visits-of-patients.repository';

export class ModelOfNoPractice extends DomainError {
  constructor() {
    super('unprocessable', 'model-of-no-practice', 'A no-show model belongs to one practice, and you work for none.');
  }
}

/** The card of the caller's practice, or why there is no model. It is made again from the visits each time, so a rebuild gives the same. Throws ModelOfNoPractice. */
@Injectable()
export class ShowNoShowModel {
  constructor(private readonly work: UnitOfWork, private readonly visits: VisitsOfPatientsRepository) {}

  async execute(actor: Actor) {
    const { practice } = actor;
    if (practice === null) throw new ModelOfNoPractice();
    const { now, settled } = await this.work.run(actor, async (tx) => ({ now: tx.now, settled: await this.visits.settled(tx, practice, trainingInstant(tx.now)) }));
    // Why outside of the transaction: fitting takes as long as many queries.
    const { training, drift } = watchedModel(settled, now);
    return { asOf: formatInstant(now), trainedAt: formatInstant(trainingInstant(now)), card: training.kind === 'trained' ? training.card : null, refusal: training.kind === 'refused' ? { reason: training.reason, sentence: training.sentence } : null, drift };
  }
}
