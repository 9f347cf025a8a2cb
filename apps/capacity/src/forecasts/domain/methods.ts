import { calendarRegression } from './calendar-regression';
import { holtWinters } from './holt-winters';
import { mean } from './mean';
import type { ForecastMethod } from './method';
import { seasonalNaive, weekdayMean } from './seasonal-naive';

/** The plain average of methods, whose errors partly cancel out (Bates and Granger 1969). */
export const averageOf = (methods: readonly ForecastMethod[]): ForecastMethod => ({
  name: `average of ${methods.map(({ name }) => name).join(', ')}`,
  needs: (season) => Math.max(...methods.map(({ needs }) => needs(season))),
  averages: methods,
  forecast: (known, horizon) => averageForecast(methods.map(({ forecast }) => forecast(known, horizon))),
});

/** Slot by slot. */
export const averageForecast = (each: readonly (readonly number[])[]): number[] => (each[0] ?? []).map((_, h) => mean(each.map((values) => values[h] ?? 0)));

/** All that is tried, the simplest first: of two that did equally well the simpler one is taken. */
export const METHODS: readonly ForecastMethod[] = [
  seasonalNaive,
  weekdayMean,
  holtWinters,
  calendarRegression,
  averageOf([calendarRegression, holtWinters]),
  averageOf([calendarRegression, holtWinters, weekdayMean]),
];
