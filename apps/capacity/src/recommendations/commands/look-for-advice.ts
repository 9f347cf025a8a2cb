import { Injectable, Logger } from '@nestjs/common';
import { Clock, DAY, FIRST_INSTANT, HOUR, type Instant, type LocalTime, type PracticeId, type Zone, addDays, instantOf, localDateOf, plusMs } from '@slotmesh/kernel';
import { type Sql, type Tx, UnitOfWork, isInfrastructureFailure, workerFor } from '@slotmesh/persistence';
import { DAILY } from '../domain/advice';
import { findAdvice } from '../domain/find-advice';
import { FactsRepository } from '../persistence/facts.repository';
import { LOOK_DAYS, MeasuredRepository } from '../persistence/measured.repository';
import { RecommendationRepository } from '../persistence/recommendation.repository';

const NAME = 'recommendations';
const AT_ONCE = 5;
/** Before anybody comes to work, and after the access of the day before was told. */
const TIME_OF_LOOK = '05:00' as LocalTime;

/** Looks at each practice once a day at 05:00 of its own wall time, and renews what is advised. */
@Injectable()
export class LookForAdvice {
  private readonly logger = new Logger(NAME);

  constructor(private readonly work: UnitOfWork, private readonly clock: Clock, private readonly facts: FactsRepository, private readonly recommendations: RecommendationRepository, private readonly measures: MeasuredRepository) {}

  /** Returns how many practices were looked at. */
  async execute(): Promise<number> {
    const due = await this.work.run(workerFor(NAME, null), (tx) => this.recommendations.due(tx, tx.now, AT_ONCE));
    for (const { practice, zone } of due) {
      try {
        await this.look(practice, zone);
      } catch (error) {
        if (isInfrastructureFailure(error)) throw error;
        // Why: one practice whose numbers cannot be read must not keep the advice of the others.
        this.logger.error({ practice, error: error instanceof Error ? error.message : 'unknown' }, 'a practice could not be looked at and is tried again in an hour');
        await this.work.run(workerFor(NAME, practice), (tx) => this.recommendations.takeTurn(tx, practice, plusMs(tx.now, HOUR)));
      }
    }
    return due.length;
  }

  async nextDue(sql: Sql): Promise<Instant | null> {
    const waits = await this.recommendations.due(sql, this.clock.now(), 1);
    return waits.length > 0 ? FIRST_INSTANT : this.recommendations.nextDue(sql);
  }

  private async look(practice: PracticeId, zone: Zone): Promise<void> {
    await this.work.run(workerFor(NAME, practice), async (tx) => {
      const today = localDateOf(tx.now, zone);
      const morning = instantOf(today, TIME_OF_LOOK, zone);
      const next = morning > tx.now ? morning : instantOf(addDays(today, 1), TIME_OF_LOOK, zone);
      if (!(await this.recommendations.takeTurn(tx, practice, next))) return;
      await this.recommendations.renew(tx, practice, DAILY, findAdvice(await this.facts.of(tx, practice, today)));
      await this.tellWhatHappened(tx, practice);
    });
  }

  /** Of what was taken four weeks ago, once; what comes to be known later is in the list alone. */
  private async tellWhatHappened(tx: Tx, practice: PracticeId): Promise<void> {
    for (const one of await this.recommendations.toMeasure(tx, practice, plusMs(tx.now, -LOOK_DAYS * DAY))) {
      const { decidedAt, advice: { measure, service } } = one;
      if (decidedAt !== null && measure !== null) await this.recommendations.measured(tx, one, { measure, decidedAt, ...(await this.measures.around(tx, measure, service, decidedAt)) });
    }
  }
}
