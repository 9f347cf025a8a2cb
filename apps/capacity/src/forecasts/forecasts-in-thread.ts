import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { Injectable } from '@nestjs/common';
import type { LocalDate } from '@slotmesh/kernel';
import { answerFromThread } from '../threads/answer-from-thread';
import { TakingTurns } from '../threads/taking-turns';
import type { DemandSeries } from './domain/demand-series';
import type { ForecastRefused } from './domain/forecast';
import type { WeeksForecast } from './domain/forecast-weeks';
import type { ForecastTask, ForecastWithErrors } from './domain/forecast-with-errors';

const MOST_SECONDS = 60;
/** A series changes each day, so older ones are asked for no more. */
const MOST_KEPT = 500;

/** Series of one practice, whose same weeks are wanted. */
export interface WeeksTask {
  readonly series: readonly DemandSeries[];
  readonly firstWeek: LocalDate;
  readonly weeks: number;
}

/** Makes forecasts in a thread, by turns. The same series is computed once, also while it is being computed. */
@Injectable()
export class ForecastsInThread {
  private readonly kept = new Map<string, Promise<ForecastWithErrors>>();
  private readonly threads = new TakingTurns();
  /** How many were computed since the process began. */
  computed = 0;

  /** Throws ThreadTimedOut, TooManyWaiting. */
  of(practice: string, task: ForecastTask): Promise<ForecastWithErrors> {
    const digest = createHash('sha256').update(JSON.stringify(task)).digest('base64url');
    const known = this.kept.get(digest);
    if (known) return known;
    const answer = this.threads.run({ practice, seconds: MOST_SECONDS }, (left) => answerFromThread<ForecastWithErrors>(join(__dirname, 'forecast-thread'), task, left, MOST_SECONDS));
    this.computed++;
    this.kept.set(digest, answer);
    // Why: what failed once may do the next time.
    answer.catch(() => this.kept.delete(digest));
    const [oldest] = this.kept.keys();
    if (this.kept.size > MOST_KEPT && oldest !== undefined) this.kept.delete(oldest);
    return answer;
  }

  /** Whole weeks of each series, in the order given. Kept by nobody: a plan keeps what it was made from. Throws ThreadTimedOut, TooManyWaiting. */
  weeks(practice: string, task: WeeksTask): Promise<readonly (WeeksForecast | ForecastRefused)[]> {
    return task.series.length === 0 ? Promise.resolve([]) : this.threads.run({ practice, seconds: MOST_SECONDS }, (left) => answerFromThread(join(__dirname, 'weeks-thread'), task, left, MOST_SECONDS));
  }
}
