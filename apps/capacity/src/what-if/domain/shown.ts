import type { Interval } from '../../simulation/domain/interval';
import { type Line, type Outcome, type Outcomes, TOGETHER, outcomes } from '../../simulation/domain/trial';

/** A number of an answer; `low` and `high` (95 %) are null where they would tell too much of a partner. */
export interface Shown {
  readonly mean: number;
  readonly low: number | null;
  readonly high: number | null;
}
export interface ShownLine {
  readonly practice: string;
  readonly outcomes: Readonly<Partial<Record<Outcome, Shown>>>;
}
/** Whose inputs the reader gave or owns. */
export interface Reader {
  readonly own: string | null;
  readonly partnersAreKnown: boolean;
}

const SHARES: readonly Outcome[] = ['gaveUp', 'elsewhere', 'utilisation'];
const PER_WEEK: readonly Outcome[] = ['lentPerWeek', 'borrowedPerWeek'];

/** Lines as the reader may see them. Of partners whose inputs are known here: no use of their time, no intervals, and means so coarse that their demand does not follow from them (P18); of all together the intervals are coarse as well. */
export const shownTo = (lines: readonly Line[], reader: Reader): ShownLine[] => lines.map((line) => shownLine(line, reader));

function shownLine({ practice, outcomes: of }: Line, { own, partnersAreKnown }: Reader): ShownLine {
  if (!partnersAreKnown || practice === own) return { practice, outcomes: only(outcomes, of, () => 0.001, true) };
  return { practice, outcomes: only(outcomes.filter((outcome) => outcome !== 'utilisation'), of, coarse, practice === TOGETHER) };
}

const coarse = (outcome: Outcome): number => (SHARES.includes(outcome) ? 0.01 : PER_WEEK.includes(outcome) ? 1 : 0.1);

function only(names: readonly Outcome[], of: Outcomes, step: (outcome: Outcome) => number, withInterval: boolean): ShownLine['outcomes'] {
  return Object.fromEntries(names.map((name) => [name, shown(of[name], step(name), withInterval)]));
}

function shown({ mean, low, high }: Interval, step: number, withInterval: boolean): Shown {
  const rounded = (value: number): number => Math.round(Math.round(value / step) * step * 1000) / 1000 + 0;
  return { mean: rounded(mean), low: withInterval ? rounded(low) : null, high: withInterval ? rounded(high) : null };
}
