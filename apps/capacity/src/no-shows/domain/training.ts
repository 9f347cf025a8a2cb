import { type Instant, type LocalDate, localDateOf } from '@slotmesh/kernel';
import { type BookingFacts, type VisitOfPatient, factsAtBooking } from './booking-facts';
import { type ModelCard, NEVER, type Slice, USE, USEFUL_WHEN, bandRates, isUseful, qualityOf } from './model-card';
import { calibrationBins } from './quality';
import { type NoShowModel, scoreOf, trainedModel } from './no-show-model';

export interface Refusal {
  readonly kind: 'refused';
  readonly reason: 'too-few-visits' | 'too-few-missed' | 'too-short' | 'no-order';
  readonly sentence: string;
}
/** A model, and the scores of the slice that it was tested on: what later visits are held against. */
export interface TrainedModel {
  readonly model: NoShowModel;
  readonly testScores: readonly number[];
}
export type Training = Refusal | (TrainedModel & { readonly kind: 'trained'; readonly card: ModelCard });

export const FEWEST = { visits: 1_000, days: 56, missedPerSlice: 30 };
/** Shares of the days' visits: the oldest to train, then to calibrate, the newest to test. */
const TRAIN = 0.6;
const CALIBRATE = 0.2;

interface Settled {
  readonly day: LocalDate;
  readonly settledDay: LocalDate;
  readonly facts: BookingFacts;
  readonly missed: boolean;
}

/**
 * A model from the visits of a practice whose outcome was told before `now`, split by time: what is tested comes after all that was trained on, and the
 * same visits give the same model. Refuses, with a reason, where they are too few.
 */
export function trainOn(visits: readonly VisitOfPatient[], now: Instant): Training {
  // Why sorted: sums of numbers depend on their order, and the same visits must give the same model.
  const ordered = [...visits].sort((a, b) => a.start - b.start || (a.id < b.id ? -1 : 1));
  const facts = factsAtBooking(ordered);
  const settled = ordered.flatMap((visit, i): Settled[] => {
    if (visit.outcome === null || visit.settledAt === null || visit.settledAt >= now) return [];
    return [{ day: localDateOf(visit.start, visit.zone), settledDay: localDateOf(visit.settledAt, visit.zone), facts: facts[i]!, missed: visit.outcome === 'missed' }];
  }).sort((a, b) => (a.day < b.day ? -1 : Number(a.day > b.day)));
  if (settled.length < FEWEST.visits) return refused('too-few-visits', `${settled.length} visits have an outcome; ${FEWEST.visits} are needed.`);
  const days = [...new Set(settled.map(({ day }) => day))];
  if (days.length < FEWEST.days) return refused('too-short', `The visits lie on ${days.length} days; ${FEWEST.days} are needed.`);

  const [testFrom, calibrateFrom] = [settled[Math.floor(settled.length * (TRAIN + CALIBRATE))]!.day, settled[Math.floor(settled.length * TRAIN)]!.day];
  // Why by the day of the telling too: an outcome that was told after the slice ended was not known when a model could be trained on it.
  const train = settled.filter(({ day, settledDay }) => day < calibrateFrom && settledDay < calibrateFrom);
  const calibrate = settled.filter(({ day, settledDay }) => day >= calibrateFrom && day < testFrom && settledDay < testFrom);
  const test = settled.filter(({ day }) => day >= testFrom);
  const fewest = Math.min(...[train, calibrate, test].map((slice) => slice.filter(({ missed }) => missed).length));
  if (fewest < FEWEST.missedPerSlice) return refused('too-few-missed', `A part of the visits has ${fewest} missed ones; ${FEWEST.missedPerSlice} are needed in each of three. A practice at which so few are missed needs no score.`);
  const model = trainedModel(train, calibrate);
  if (model === null) return refused('no-order', 'On later visits, those with a higher score were not missed more often: past visits say nothing about the coming ones.');

  const tested = test.map(({ facts: of, missed }) => ({ facts: of, missed, score: scoreOf(model, of) }));
  const ahead = tested.filter(({ facts: { leadDays } }) => leadDays >= 1);
  const leadOneDayOrMore = qualityOf(ahead, model.encoding.usualRate);
  const slices = { train: sliceOf(train), calibrate: sliceOf(calibrate), test: sliceOf(test) };
  const card: ModelCard = {
    version: `1.${slices.train.to}.${slices.train.visits}`, trainedOn: testFrom, use: USE, inputs: model.encoding.names, never: NEVER, slices, leadOneDayOrMore, all: qualityOf(tested, model.encoding.usualRate),
    calibration: calibrationBins(ahead), bands: bandRates(tested), useful: isUseful(leadOneDayOrMore), usefulWhen: USEFUL_WHEN,
  };
  return { kind: 'trained', model, card, testScores: tested.map(({ score }) => score) };
}

function sliceOf(slice: readonly Settled[]): Slice {
  return { from: slice[0]!.day, to: slice.at(-1)!.day, visits: slice.length, missed: slice.filter(({ missed }) => missed).length };
}
const refused = (reason: Refusal['reason'], sentence: string): Refusal => ({ kind: 'refused', reason, sentence: `No score: ${sentence}` });
