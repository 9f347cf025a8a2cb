import { join } from 'node:path';
import { Injectable, Logger } from '@nestjs/common';
import { DAY, type Instant, type PracticeId, formatInstant, plusMs } from '@slotmesh/kernel';
import { UnitOfWork, isInfrastructureFailure, workerFor } from '@slotmesh/persistence';
import { answerFromThread } from '../../threads/answer-from-thread';
import { FEWEST } from '../domain/training';
import { nextTraining, trainable, trainingInstant, type WatchTask, type Watched, watchedModel } from '../domain/watched-model';
import { NoShowAlarmRepository } from '../persistence/no-show-alarm.repository';
import { NoShowModelRepository } from '../persistence/no-show-model.repository';
import { VisitsOfPatientsRepository } from '../persistence/visits-of-patients.repository';

const NAME = 'no-show-models';
const MOST_SECONDS = 120;
/** A model is watched each week. Where there is none the visits are counted each day: they may have been read since. */
const LOOKED_AT_DAYS = { trained: 7, refused: 1 };
const FAILED = { reason: 'failed', sentence: 'The model could not be made. It is tried again the next day; the operators find the reason in the log.' };

/** Makes the model of the month of each practice once, and watches it for drift. Two processes at once make the same one, and the first is kept. */
@Injectable()
export class WatchNoShowModels {
  private readonly logger = new Logger(NAME);

  constructor(private readonly work: UnitOfWork, private readonly models: NoShowModelRepository, private readonly visits: VisitsOfPatientsRepository, private readonly alarms: NoShowAlarmRepository) {}

  /** One practice; returns how many were looked at. */
  async execute(): Promise<number> {
    const practice = await this.work.run(workerFor(NAME, null), (tx) => this.models.firstDue(tx));
    if (practice === null) return 0;
    try {
      await this.look(practice);
    } catch (error) {
      if (isInfrastructureFailure(error)) throw error;
      this.logger.warn({ practice, error: error instanceof Error ? error.message : 'unknown' }, 'the no-show model could not be looked at and is tried again the next day');
      // Why noted: what keeps one practice from its model must not keep all others from theirs.
      await this.work.run(workerFor(NAME, practice), (tx) => this.models.postpone(tx, practice, trainingInstant(tx.now), dueAfter(tx.now, false), FAILED));
    }
    return 1;
  }

  private async look(practice: PracticeId): Promise<void> {
    const { now, visits, kept } = await this.work.run(workerFor(NAME, practice), async (tx) => {
      const trainedAt = trainingInstant(tx.now);
      return { now: tx.now, visits: await this.visits.settled(tx, practice, trainedAt), kept: await this.models.of(tx, practice, trainedAt) };
    });
    const known = trainable(visits, now);
    // Why made again where more visits are known: it was made before all of them had been read.
    const watched = await watch({ visits, now, kept: kept !== null && known <= kept.visits ? kept.trained : null });
    const isTrained = watched.training === null || watched.training.kind === 'trained';
    await this.work.run(workerFor(NAME, practice), async (tx) => {
      if (!(await this.models.save(tx, practice, trainingInstant(now), { ...watched, revision: kept?.revision ?? 0, visits: known, dueAt: dueAfter(now, isTrained) }))) return;
      if (watched.training?.kind === 'trained') tx.audit.record({ action: 'no-show-model.made', entity: 'no-show-model', entityId: practice, details: { version: watched.training.card.version, useful: watched.training.card.useful } });
      if (!watched.drift?.alarm) return;
      await this.alarms.raise(tx, practice);
      tx.audit.record({ action: 'no-show-model.drifted', entity: 'no-show-model', entityId: practice, details: { trainedAt: formatInstant(trainingInstant(now)), visits: watched.drift.visits } });
    });
  }
}

/** Why not always in a thread: too few visits are refused at once, and a thread takes longer to begin. */
const watch = (task: WatchTask): Promise<Watched> =>
  task.visits.length < FEWEST.visits ? Promise.resolve(watchedModel(task)) : answerFromThread<Watched>(join(__dirname, '../no-show-thread'), task, MOST_SECONDS);

/** At midnight UTC, so that all practices fall due together. */
function dueAfter(now: Instant, isTrained: boolean): Instant {
  const [look, turn] = [plusMs(now, (isTrained ? LOOKED_AT_DAYS.trained : LOOKED_AT_DAYS.refused) * DAY - (now % DAY)), nextTraining(now)];
  return look < turn ? look : turn;
}
