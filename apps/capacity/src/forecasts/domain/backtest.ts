import { DomainError } from '@slotmesh/kernel';
import { bookedSoFar } from './booked-so-far';
import { LOOKS_BACK } from './choice';
import { chosenOf, originsBefore } from './chosen';
import { intervals } from './intervals';
import { mean } from './mean';
import { METHODS } from './methods';
import { outcomesOf, roll, type Said } from './rolling';
import type { Series } from './series';

export interface BacktestPlan {
  /** Slots that each forecast reaches ahead. */
  readonly horizon: number;
  /** Slots before the first origin. */
  readonly first: number;
  /** Slots from one origin to the next. */
  readonly step: number;
}
/** Shares, not percentages. Null where there was nothing to divide by, or nothing was said. */
export interface Figures {
  readonly method: string;
  /** Origins at which something was said. */
  readonly origins: number;
  /** Sum of absolute errors over the sum of values. */
  readonly wape: number | null;
  /** Mean absolute error over the mean absolute difference from one season before, of all values before the origin; its mean over origins (Hyndman and Koehler 2006). */
  readonly mase: number | null;
  /** Shares of open slots within the intervals. */
  readonly coverage80: number | null;
  readonly coverage95: number | null;
  /** Origins at which it was chosen; what was booked so far is chosen for the nearest slots alone, and its figures are of the slots that it spoke of. */
  readonly chosenAt: number;
}
export interface BacktestReport extends BacktestPlan {
  readonly season: number;
  readonly origins: number;
  readonly methods: readonly Figures[];
  readonly chosen: Figures;
}
export class SeriesTooShort extends DomainError {
  constructor(message: string) {
    super('unprocessable', 'series-too-short', message);
  }
}

/** Forecasts from every origin on, by each method and by the one that earlier origins choose, held against what came. */
export function backtest(series: Series, plan: BacktestPlan): BacktestReport {
  const { horizon, first, step } = plan;
  const count = Math.floor((series.values.length - first - horizon) / step) + 1;
  if (count < 1) throw new SeriesTooShort(`The series has ${series.values.length} slots; a first origin after ${first} and a horizon of ${horizon} need ${first + horizon}.`);
  const origins = [...originsBefore(first, step, LOOKS_BACK), ...Array.from({ length: count }, (_, k) => first + k * step)];
  const methods = roll(series, origins, horizon);
  const booked = series.booked ? roll(series, origins, horizon, [bookedSoFar])[0] : undefined;
  const chosen = chosenOf(series, methods, booked);
  const counted = chosen.filter(({ origin }) => origin >= first);
  const figures = methods.map((said, i) => figuresOf(series, METHODS[i]?.name ?? '', said, plan, counted.filter(({ method }) => method === i).length));
  if (booked) figures.push(figuresOf(series, bookedSoFar.name, booked.filter(({ forecast }) => forecast?.length), plan, counted.filter(({ byBooked }) => byBooked > 0).length));
  return { ...plan, season: series.season, origins: count, methods: figures, chosen: figuresOf(series, 'chosen', chosen, plan, counted.filter(({ method }) => method !== null).length) };
}

function figuresOf(series: Series, method: string, said: readonly Said[], { horizon, first }: BacktestPlan, chosenAt: number): Figures {
  let errors = 0;
  let values = 0;
  const scaled: number[] = [];
  const within = { 80: [] as number[], 95: [] as number[] };
  const counted = said.filter(({ origin, forecast }) => origin >= first && forecast !== null);
  for (const one of counted) {
    const outcomes = outcomesOf(series, one);
    const sizes = outcomes.map(({ forecast, value }) => Math.abs(forecast - value));
    const error = sizes.reduce((sum, size) => sum + size, 0);
    errors += error;
    values += outcomes.reduce((sum, { value }) => sum + value, 0);
    const scale = seasonalDifference(series, one.origin);
    const known = series.values.slice(one.origin, one.origin + (one.forecast?.length ?? 0)).filter((value) => value !== null).length;
    if (scale > 0 && known > 0) scaled.push(error / known / scale);
    const around = intervals(series, said, one.origin, horizon);
    if (!around) continue;
    for (const level of [80, 95] as const) outcomes.forEach(({ ahead }, i) => within[level].push(Number((sizes[i] ?? 0) <= (around[level][ahead - 1] ?? 0))));
  }
  const meanOrNull = (numbers: readonly number[]): number | null => (numbers.length > 0 ? mean(numbers) : null);
  return { method, origins: counted.length, wape: values > 0 ? errors / values : null, mase: meanOrNull(scaled), coverage80: meanOrNull(within[80]), coverage95: meanOrNull(within[95]), chosenAt };
}

/** Mean absolute difference of values one season apart, closed slots among them: the scale of MASE. */
function seasonalDifference({ values, season }: Series, before: number): number {
  const differences: number[] = [];
  for (let i = season; i < before; i++) {
    const [value, earlierValue] = [values[i], values[i - season]];
    if (typeof value === 'number' && typeof earlierValue === 'number') differences.push(Math.abs(value - earlierValue));
  }
  return mean(differences);
}
