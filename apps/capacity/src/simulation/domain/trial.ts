import { type Interval, intervalOf } from './interval';
import type { Partnership } from './partnership';
import { keyUnder } from './random';
import { type Length, SimulatedYear, usualLength } from './simulated-year';
import { counted } from './year-counts';

/**
 * What a simulation says of a practice, or of all together. Days are working days. `thirdNextDays` is over all times that patients of the practice can have, partners' lent ones too;
 * `ownThirdNextDays` over its own alone. Shares are of first requests (gaveUp), of booked visits (elsewhere), of slots (utilisation: visits that were kept). Of all together, days to the third next are the mean over practices.
 */
export const outcomes = ['thirdNextDays', 'ownThirdNextDays', 'waitDays', 'gaveUp', 'elsewhere', 'lentPerWeek', 'borrowedPerWeek', 'utilisation'] as const;
export type Outcome = (typeof outcomes)[number];
export type Outcomes<T = Interval> = Readonly<Record<Outcome, T>>;

/** The name of the line over all practices. */
export const TOGETHER = 'together';
export interface Line {
  readonly practice: string;
  readonly outcomes: Outcomes;
}

export interface Settings {
  readonly runs: number;
  readonly seed: number;
  readonly length?: Length;
}
export const usualSettings: Settings = { runs: 60, seed: 1 };

/** Many simulated years of one partnership; years of two partnerships with the same seed belong together in pairs. */
export class Trial {
  private constructor(private readonly ids: readonly string[], private readonly years: readonly (readonly Outcomes<number>[])[]) {}

  /** Calls `afterYear` after each run. */
  static run(partnership: Partnership, { runs, seed, length = usualLength }: Settings, afterYear: () => void = () => undefined): Trial {
    const ids = partnership.practices.map(({ id }) => id);
    const year = new SimulatedYear(partnership, length);
    const counts = new Float64Array(ids.length * counted.length);
    const years: Outcomes<number>[][] = [];
    for (let run = 0; run < runs; run++) {
      year.run(keyUnder(seed, run), counts);
      years.push(outcomesOf(counts));
      afterYear();
    }
    return new Trial([...ids, TOGETHER], years);
  }

  /** Means with their intervals, practice after practice, all together last. */
  lines(): Line[] {
    return this.summed((run, line, outcome) => this.at(run, line, outcome));
  }

  /** By how much this one lies over the other, year by year of the same seed, so that luck which both had cancels out. Both must have the same practices and seed. */
  against(present: Trial): Line[] {
    return this.summed((run, line, outcome) => this.at(run, line, outcome) - present.at(run, line, outcome));
  }

  private summed(value: (run: number, line: number, outcome: Outcome) => number): Line[] {
    const of = (line: number, outcome: Outcome): Interval => intervalOf(this.years.map((_, run) => value(run, line, outcome)));
    return this.ids.map((practice, line) => ({
      practice,
      outcomes: { thirdNextDays: of(line, 'thirdNextDays'), ownThirdNextDays: of(line, 'ownThirdNextDays'), waitDays: of(line, 'waitDays'), gaveUp: of(line, 'gaveUp'), elsewhere: of(line, 'elsewhere'), lentPerWeek: of(line, 'lentPerWeek'), borrowedPerWeek: of(line, 'borrowedPerWeek'), utilisation: of(line, 'utilisation') },
    }));
  }

  private at(run: number, line: number, outcome: Outcome): number {
    return this.years[run]![line]![outcome];
  }
}

function outcomesOf(counts: Float64Array): Outcomes<number>[] {
  const width = counted.length;
  const practices = counts.length / width;
  const together = new Float64Array(width);
  for (let p = 0; p < practices; p++) for (let what = 0; what < width; what++) together[what]! += counts[p * width + what]! / (what < 2 ? practices : 1);
  return [...Array.from({ length: practices }, (_, p) => counts.subarray(p * width, (p + 1) * width)), together].map((row) => {
    const of = (name: (typeof counted)[number]): number => row[counted.indexOf(name)]!;
    const share = (part: number, whole: number): number => (whole === 0 ? 0 : part / whole);
    return {
      thirdNextDays: of('thirdNextDays'), ownThirdNextDays: of('ownThirdNextDays'), waitDays: share(of('waitDays'), of('booked')), gaveUp: share(of('gaveUp'), of('requests')), elsewhere: share(of('elsewhere'), of('booked')),
      lentPerWeek: of('lent'), borrowedPerWeek: of('borrowed'), utilisation: share(of('kept'), of('slots')),
    };
  });
}

/** The line of a practice, or of all together. */
export function lineOf(lines: readonly Line[], practice: string): Outcomes {
  const found = lines.find((line) => line.practice === practice);
  if (!found) throw new RangeError('No such practice in these lines.');
  return found.outcomes;
}
