import { DAY, type Instant, addMonths, formatInstant, parseInstant, parseLocalDate, plusMs } from '@slotmesh/kernel';
import { type VisitOfPatient, factsAtBooking } from './booking-facts';
import { type Drift, driftOf } from './drift';
import { scoreOf } from './no-show-model';
import { type TrainedModel, type Training, trainOn } from './training';

const WATCHED_DAYS = 28;

/** The first instant of the latest month (UTC) that began four weeks ago or earlier: a model stays the same for a month and is watched on visits that came after it. */
export const trainingInstant = (now: Instant): Instant => parseInstant(`${formatInstant(plusMs(now, -WATCHED_DAYS * DAY)).slice(0, 7)}-01T00:00:00.000Z`);

/** When the next month's model falls due. */
export const nextTraining = (now: Instant): Instant => plusMs(parseInstant(`${addMonths(parseLocalDate(formatInstant(trainingInstant(now)).slice(0, 10)), 1)}T00:00:00.000Z`), WATCHED_DAYS * DAY);

/** How many of the visits a model of the month can be trained on. */
export const trainable = (visits: readonly VisitOfPatient[], now: Instant): number => visits.filter(({ outcome, settledAt }) => outcome !== null && settledAt !== null && settledAt < trainingInstant(now)).length;

export interface WatchTask {
  readonly visits: readonly VisitOfPatient[];
  readonly now: Instant;
  /** The model of this month, where there is one already. */
  readonly kept: TrainedModel | null;
}
export interface Watched {
  /** Null: the kept one goes on. */
  readonly training: Training | null;
  /** Null without a model. */
  readonly drift: Drift | null;
}

/** The model of the month, where it is to be made, and whether the visits of the last four weeks are still like those on which it was tested. */
export function watchedModel({ visits, now, kept }: WatchTask): Watched {
  const training = kept === null ? trainOn(visits, trainingInstant(now)) : null;
  const trained = training === null ? kept : training.kind === 'trained' ? training : null;
  if (trained === null) return { training, drift: null };
  const facts = factsAtBooking(visits);
  const from = plusMs(now, -WATCHED_DAYS * DAY);
  const recent = visits.flatMap(({ outcome, settledAt, start }, i) => (outcome === null || settledAt === null || settledAt >= now || start < from || start >= now ? [] : [{ score: scoreOf(trained.model, facts[i]!), missed: outcome === 'missed' }]));
  return { training, drift: driftOf(trained.testScores, recent) };
}
