import type { Brand } from '@slotmesh/kernel';
import type { BookingFacts } from './booking-facts';
import { type Encoding, encoded, learnEncoding } from './features';
import { type LogisticFit, fitLogistic, logistic, logitOf } from './logistic-regression';

/** The chance that a visit is missed, for the order of outreach alone: no rate of a session is made from it (P20). */
export type OutreachScore = Brand<number, 'OutreachScore'>;

export interface NoShowModel {
  readonly encoding: Encoding;
  readonly fit: LogisticFit;
  /** Platt's calibration on a later slice: a line over the logit, so it changes no order. */
  readonly calibration: { readonly intercept: number; readonly slope: number };
}
export interface Outcome {
  readonly facts: BookingFacts;
  readonly missed: boolean;
}

const L2 = 10;
const L2_OF_CALIBRATION = 1e-6;

/** `train` lies before `calibrate`. Null where the calibration finds that higher scores miss no more often. */
export function trainedModel(train: readonly Outcome[], calibrate: readonly Outcome[]): NoShowModel | null {
  const usualRate = train.filter(({ missed }) => missed).length / train.length;
  const encoding = learnEncoding(train.map(({ facts }) => facts), usualRate);
  const fit = fitLogistic(train.map(({ facts }) => encoded(facts, encoding)), train.map(({ missed }) => missed), L2);
  const { intercept, weights: [slope = 0] } = fitLogistic(calibrate.map(({ facts }) => [logitOf(fit, encoded(facts, encoding))]), calibrate.map(({ missed }) => missed), L2_OF_CALIBRATION);
  return slope > 0 ? { encoding, fit, calibration: { intercept, slope } } : null;
}

export const scoreOf = ({ encoding, fit, calibration: { intercept, slope } }: NoShowModel, facts: BookingFacts): OutreachScore =>
  logistic(intercept + slope * logitOf(fit, encoded(facts, encoding))) as OutreachScore;
