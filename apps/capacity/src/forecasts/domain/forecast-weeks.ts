import { type LocalDate, addDays } from '@slotmesh/kernel';
import { earlier, LOOKS_BACK } from './choice';
import { chosenOf, originsBefore } from './chosen';
import type { DemandSeries } from './demand-series';
import { type ForecastRefused, leastHistory, stepOf } from './forecast';
import { LEAST_OUTCOMES } from './intervals';
import { type Said, openValues, roll } from './rolling';
import { knownBefore, type Series } from './series';

/** What whole weeks will ask, and by how much the same choice had erred about the sums of whole weeks at earlier dates, whichever way, the least first. */
export interface WeeksForecast {
  readonly kind: 'weeks';
  readonly weeks: readonly number[];
  readonly errors: readonly number[];
}

/**
 * Forecasts whole weeks from `firstWeek` (a Monday) on by the method that did best at earlier dates. Weeks are judged by their own errors, because days that err alike do not cancel out and days that err each its own way do.
 * Refuses, with the reason, where the history is too short.
 */
export function forecastWeeks({ series, horizon }: DemandSeries, firstWeek: LocalDate, weeks: number): WeeksForecast | ForecastRefused {
  const origin = series.values.length;
  const needed = leastHistory(series.season, horizon);
  const open = openValues(series);
  if (open < needed) return refused(`${open} open days have a value; ${needed} are needed to try a forecast of so many weeks on earlier dates before one is given.`);
  const origins = [...originsBefore(origin, stepOf(series.season), LOOKS_BACK), origin];
  const chosen = chosenOf(series, roll(knownBefore(series, origin), origins, horizon));
  const forecast = chosen.at(-1)?.forecast;
  const errors = earlier(chosen, origin).flatMap((said) => errorsOfWeeks(series, said)).map(Math.abs).sort((a, b) => a - b);
  if (!forecast || errors.length < LEAST_OUTCOMES) return refused('Too many of the last days have no value to try a forecast on earlier dates before one is given.');
  const sums = Array.from({ length: weeks }, (_, week) => {
    const [from, to] = [addDays(firstWeek, 7 * week), addDays(firstWeek, 7 * week + 7)];
    return forecast.reduce((sum, value, h) => (isWithin(series, origin + h, from, to) ? sum + value : sum), 0);
  });
  return { kind: 'weeks', weeks: sums, errors };
}

const isWithin = ({ slots }: Series, at: number, from: LocalDate, to: LocalDate): boolean => { const date = slots[at]?.date; return date !== undefined && date >= from && date < to; };

/** Weeks are as many slots as a season has, whatever weekday the date fell on: what matters is that they are whole. Those with an unknown value, or not over by now, say nothing. */
function errorsOfWeeks({ season, values }: Series, { origin, forecast }: Said): number[] {
  const errors: number[] = [];
  for (let from = 0; forecast && from + season <= forecast.length; from += season) {
    const came = values.slice(origin + from, origin + from + season);
    if (came.length < season || came.some((value) => value === null)) continue;
    errors.push(came.reduce<number>((sum, value) => sum + (value ?? 0), 0) - forecast.slice(from, from + season).reduce((sum, value) => sum + value, 0));
  }
  return errors;
}

/** What a week asks at most with the chance `quantile`: an end of the interval around the forecast that leaves as much on either side (split conformal, as intervals.ts). Signed errors said too little where demand grows. */
export function weekQuantile({ weeks, errors }: WeeksForecast, week: number, quantile: number): number {
  const rank = Math.min(errors.length, Math.ceil((errors.length + 1) * Math.abs(2 * quantile - 1)));
  const half = quantile === 0.5 ? 0 : (errors[rank - 1] ?? 0);
  return Math.max(0, (weeks[week] ?? 0) + (quantile < 0.5 ? -half : half));
}

const refused = (reason: string): ForecastRefused => ({ kind: 'refused', reason });
