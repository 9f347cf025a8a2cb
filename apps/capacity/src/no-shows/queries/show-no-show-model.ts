import { Injectable } from '@nestjs/common';
import { formatInstant } from '@slotmesh/kernel';
import { type Actor, UnitOfWork } from '@slotmesh/persistence';
import { ModelOfNoPractice } from '../domain/no-show.errors';
import { scoringNow } from '../domain/outreach-order';
import { trainingInstant } from '../domain/watched-model';
import { NoShowAlarmRepository } from '../persistence/no-show-alarm.repository';
import { NoShowModelRepository } from '../persistence/no-show-model.repository';
import { NoShowSwitchRepository } from '../persistence/no-show-switch.repository';

const NOT_YET = { reason: 'not-made-yet', sentence: 'No score: the model of this month has not been made yet.' };

/** The card of the caller's practice as it is kept for the month, or why there is no model, and whether its score is in use. Throws ModelOfNoPractice. */
@Injectable()
export class ShowNoShowModel {
  constructor(private readonly work: UnitOfWork, private readonly models: NoShowModelRepository, private readonly switches: NoShowSwitchRepository, private readonly alarms: NoShowAlarmRepository) {}

  execute(actor: Actor) {
    const { practice } = actor;
    if (practice === null) throw new ModelOfNoPractice();
    return this.work.run(actor, async (tx) => {
      const trainedAt = trainingInstant(tx.now);
      const [kept, wish, alarmedAt] = [await this.models.of(tx, practice, trainedAt), await this.switches.of(tx, practice), await this.alarms.of(tx, practice)];
      const { card, refusal, drift } = kept ?? { card: null, refusal: NOT_YET, drift: null };
      return { asOf: formatInstant(tx.now), trainedAt: formatInstant(trainedAt), watchedAt: kept === null ? null : formatInstant(kept.watchedAt), card, refusal, drift, alarmedAt: alarmedAt === null ? null : formatInstant(alarmedAt), switch: wish, ...scoringNow(wish.wanted, card, alarmedAt !== null) };
    });
  }
}
