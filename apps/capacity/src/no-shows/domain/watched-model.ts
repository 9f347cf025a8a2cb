import { DAY, type Instant, formatInstant, parseInstant, plusMs } from '@slotmesh/kernel';
import { type VisitOfPatient, factsAtBooking } from './booking-facts';
import { type Drift, driftOf } from './drift';
import { scoreOf } from './no-show-model';
import { type Training, trainOn } from './training';

const WATCHED_DAYS = 28;

/** The first instant of the latest month (UTC) that began four weeks ago or earlier: a model stays the same for a month and is watched on visits that came after it. */
export const trainingInstant = (now: Instant): Instant => parseInstant(`${formatInstant(plusMs(now, -WATCHED_DAYS * DAY)).slice(0, 7)}-01T00:00:00.000Z`);

/** The model of the month, and whether the visits of the last four weeks are still like those on which it was tested; without a model there is no drift. */
export function watchedModel(visits: readonly VisitOfPatient[], now: Instant): { readonly training: Training; readonly drift: Drift | null } {
  const trainedAt = trainingInstant(now);
  const training = trainOn(visits, trainedAt);
  if (training.kind === 'refused') return { training, drift: null };
  const { model, testScores } = training;
  const facts = factsAtBooking(visits);
  const from = plusMs(now, -WATCHED_DAYS * DAY);
  const recent = visits.flatMap(({ outcome, settledAt, start }, i) => (outcome === null || settledAt === null || settledAt >= now || start < from || start >= now ? [] : [{ score: scoreOf(model, facts[i]!), missed: outcome === 'missed' }]));
  return { training, drift: driftOf(testScores, recent) };
}
