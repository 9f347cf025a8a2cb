/** Of visits with an outcome. */
export interface Proportion {
  readonly visits: number;
  readonly attended: number;
}
export interface Interval {
  readonly low: number;
  readonly high: number;
}
/** Fewer visits with an outcome say nothing of an arm, and too much of a patient. */
export const FEWEST_SHOWN = 11;
const Z95 = 1.959964;

/** 95 % interval of a share: Wilson, J Am Stat Assoc 22 (1927) 209. */
export function wilson({ visits, attended }: Proportion): Interval {
  const share = attended / visits;
  const middle = share + Z95 ** 2 / (2 * visits);
  const half = Z95 * Math.sqrt((share * (1 - share)) / visits + Z95 ** 2 / (4 * visits ** 2));
  const scale = 1 + Z95 ** 2 / visits;
  return { low: Math.max(0, (middle - half) / scale), high: Math.min(1, (middle + half) / scale) };
}

/** 95 % interval of the difference of two independent shares: Newcombe, Stat Med 17 (1998) 873, method 10. */
export function newcombe(arm: Proportion, control: Proportion): Interval & { readonly difference: number } {
  const [p, q] = [arm.attended / arm.visits, control.attended / control.visits];
  const [a, c] = [wilson(arm), wilson(control)];
  return { difference: p - q, low: p - q - Math.hypot(p - a.low, c.high - q), high: p - q + Math.hypot(a.high - p, q - c.low) };
}

/** What became of the visits of one arm. */
export interface ArmCounts {
  readonly arm: string;
  /** All that the arm was given, and of how many patients. */
  readonly booked: number;
  readonly patients: number;
  /** Took place and missed: of each patient's first visit in the experiment only, and of all. */
  readonly first: Proportion;
  readonly all: Proportion;
  readonly cancelledAhead: number;
  readonly cancelledLate: number;
  /** Over, and nobody said what became of it. */
  readonly unmarked: number;
}
export const nothingYet = (arm: string): ArmCounts => ({ arm, booked: 0, patients: 0, first: { visits: 0, attended: 0 }, all: { visits: 0, attended: 0 }, cancelledAhead: 0, cancelledLate: 0, unmarked: 0 });

/** A share with its interval; null where there are too few. */
export function shownShare(share: Proportion) {
  if (share.visits < FEWEST_SHOWN) return null;
  const { low, high } = wilson(share);
  return { visits: share.visits, attended: share.attended, missed: share.visits - share.attended, rate: rounded(share.attended / share.visits), low: rounded(low), high: rounded(high) };
}

/** The difference to the control with its interval; null where one of the two has too few. */
export function shownDifference(arm: Proportion, control: Proportion) {
  if (Math.min(arm.visits, control.visits) < FEWEST_SHOWN) return null;
  const { difference, low, high } = newcombe(arm, control);
  return { difference: rounded(difference), low: rounded(low), high: rounded(high) };
}

const rounded = (value: number): number => Math.round(value * 10_000) / 10_000;
