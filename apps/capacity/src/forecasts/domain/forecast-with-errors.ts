import { backtest, type BacktestReport } from './backtest';
import { type Forecast, forecastDemand, type ForecastRefused, stepOf } from './forecast';
import type { Series } from './series';

export interface ForecastTask {
  readonly series: Series;
  readonly horizon: number;
}
export type ForecastWithErrors = ForecastRefused | { readonly forecast: Forecast; readonly kind: 'forecast'; readonly errors: Pick<BacktestReport, 'origins' | 'methods' | 'chosen'> };

/** Earlier dates that errors are told of: half a year. */
const MOST_ORIGINS = 26;

/** A forecast, and what each method and the choice were worth at earlier dates whose outcome is known now. */
export function forecastWithErrors({ series, horizon }: ForecastTask): ForecastWithErrors {
  const forecast = forecastDemand(series, horizon);
  if (forecast.kind === 'refused') return forecast;
  const step = stepOf(series.season);
  const last = series.values.length - horizon;
  const origins = Math.min(MOST_ORIGINS, Math.floor((last - 2 * series.season) / step) + 1);
  const { methods, chosen } = backtest(series, { horizon, step, first: last - (origins - 1) * step });
  return { kind: 'forecast', forecast, errors: { origins, methods, chosen } };
}
