import type { LocalDate } from '@slotmesh/kernel';
import type { BookingFacts } from './booking-facts';
import { type CalibrationBin, type Judged, auc, brier, calibrationBins, calibrationError, missedShare, skill, topTenthPrecision } from './quality';

export interface Slice {
  readonly from: LocalDate;
  readonly to: LocalDate;
  readonly visits: number;
  readonly missed: number;
}
export interface Quality {
  readonly visits: number;
  readonly auc: number | null;
  readonly brier: number | null;
  readonly skill: number | null;
  readonly topTenthPrecision: number | null;
  readonly calibrationError: number | null;
}
/** For checking alone: no band is an input of the score. */
export interface BandRates {
  readonly band: string;
  readonly visits: number;
  readonly expected: number | null;
  readonly observed: number | null;
  /** The share of the band among the highest tenth of all scores, and of those so flagged who came all the same. */
  readonly flagged: number;
  readonly flaggedWhoCame: number | null;
}
export interface ModelCard {
  readonly version: string;
  readonly trainedOn: LocalDate;
  readonly use: string;
  readonly inputs: readonly string[];
  readonly never: readonly string[];
  readonly slices: { readonly train: Slice; readonly calibrate: Slice; readonly test: Slice };
  /** The figure to go by: visits of the same day are nearly always kept and flatter every model. */
  readonly leadOneDayOrMore: Quality;
  readonly all: Quality;
  readonly calibration: readonly CalibrationBin[];
  readonly bands: readonly BandRates[];
  /** Whether the order is worth more than none: on later visits of one day's lead or more. */
  readonly useful: boolean;
  readonly usefulWhen: string;
}
export interface Tested extends Judged {
  readonly facts: BookingFacts;
}

export const USE = 'Only for the order in which people are reminded or called. It books, double-books, moves, charges and refuses nobody.';
export const NEVER = ['race', 'payer', 'language', 'postcode', 'disability', 'age', 'sex', 'name'];
const LEAST_AUC = 0.55;
export const USEFUL_WHEN = `On later visits that were booked a day or more ahead the AUC is at least ${LEAST_AUC} and the Brier score beats the usual rate.`;

export function qualityOf(tested: readonly Tested[], usualRate: number): Quality {
  return { visits: tested.length, auc: auc(tested), brier: brier(tested), skill: skill(tested, usualRate), topTenthPrecision: topTenthPrecision(tested), calibrationError: calibrationError(calibrationBins(tested)) };
}

export const isUseful = ({ auc: area, skill: saved }: Quality): boolean => area !== null && area >= LEAST_AUC && saved !== null && saved > 0;

const BANDS: readonly (readonly [string, (facts: BookingFacts) => boolean])[] = [
  ['no earlier visit', ({ earlierKept, earlierMissed }) => earlierKept + earlierMissed === 0],
  ['earlier visits, none missed', ({ earlierKept, earlierMissed }) => earlierKept > 0 && earlierMissed === 0],
  ['missed a visit before', ({ earlierMissed }) => earlierMissed > 0],
  ['lead under a day', ({ leadDays }) => leadDays === 0],
  ['lead of 1 to 14 days', ({ leadDays }) => leadDays >= 1 && leadDays <= 14],
  ['lead over 14 days', ({ leadDays }) => leadDays > 14],
];
/** A band of fewer visits is left out: its rates would be noise, and might tell of one person. */
const FEWEST_OF_BAND = 11;

export function bandRates(tested: readonly Tested[]): BandRates[] {
  const flagged = new Set([...tested].sort((a, b) => b.score - a.score).slice(0, Math.ceil(tested.length / 10)));
  return BANDS.flatMap(([band, belongs]) => {
    const inBand = tested.filter(({ facts }) => belongs(facts));
    if (inBand.length < FEWEST_OF_BAND) return [];
    const flaggedHere = inBand.filter((one) => flagged.has(one));
    const cameAnyway = missedShare(flaggedHere);
    return [{ band, visits: inBand.length, expected: inBand.reduce((sum, { score }) => sum + score, 0) / inBand.length, observed: missedShare(inBand), flagged: flaggedHere.length / inBand.length, flaggedWhoCame: cameAnyway === null ? null : 1 - cameAnyway }];
  });
}
