import { type Instant, plusMs, DAY } from '@slotmesh/kernel';

/** How an earlier visit of the patient at the same practice ended. Nothing else of a person goes into a risk (P20). */
export interface EarlierVisit {
  readonly outcome: 'fulfilled' | 'noshow';
  readonly start: Instant;
}
export type Risk = 'normal' | 'high';

const WINDOW = 365 * DAY;
const MISSED = 2;

/** High: at least two missed visits at this practice in the last twelve months, or the last visit missed. In one place, so that a model may take it over. */
export function riskOf(earlier: readonly EarlierVisit[], now: Instant): Risk {
  const past = earlier.filter(({ start }) => start < now).sort((a, b) => b.start - a.start);
  const missed = past.filter(({ outcome, start }) => outcome === 'noshow' && start >= plusMs(now, -WINDOW)).length;
  return missed >= MISSED || past[0]?.outcome === 'noshow' ? 'high' : 'normal';
}
