import type { Series } from './series';

/** Forecasts the `horizon` slots after the last known value from the past and from the calendar. */
export interface ForecastMethod {
  readonly name: string;
  /** Slots with a value that it needs before it says anything. */
  readonly needs: (season: number) => number;
  /** The methods that this one is the average of. */
  readonly averages?: readonly ForecastMethod[];
  readonly forecast: (known: Series, horizon: number) => readonly number[];
}
