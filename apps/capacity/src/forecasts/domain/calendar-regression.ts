import type { ForecastMethod } from './method';
import { mean } from './mean';
import { ridge } from './ridge';
import type { Season, Series, Slot } from './series';

const FOURIER_PAIRS = 3;
const RESIDUALS = 10;
/** What stays of the level, slot by slot. */
const DAMPING: Readonly<Record<Season, number>> = { 5: 0.95, 7: 0.95, 52: 0.98 };

/**
 * Ridge regression on what the calendar knows (place in the season, half-days, holidays, days around closures, the weeks of Christmas, time of the year,
 * trend) over open slots, and the mean of the last ten residuals, which fades with the horizon.
 */
export const calendarRegression: ForecastMethod = {
  name: 'calendar regression',
  needs: (season) => (season === 52 ? 2 * season : 8 * season),
  forecast: (known, horizon) => {
    const past = known.values.flatMap((value, i) => {
      const slot = known.slots[i];
      return slot && value !== null && !slot.closed ? [{ features: featuresOf(slot, known.season), value }] : [];
    });
    const weights = ridge(past.map(({ features }) => features), past.map(({ value }) => value), penaltiesOf(known));
    const level = mean(past.slice(-RESIDUALS).map(({ features, value }) => value - dot(features, weights)));
    return known.slots.slice(known.values.length, known.values.length + horizon).map((slot, h) => (slot.closed ? 0 : Math.max(0, dot(featuresOf(slot, known.season), weights) + level * DAMPING[known.season] ** (h + 1))));
  },
};

// Why kept: a slot is a row of the fit at every later origin.
const kept = new WeakMap<Slot, Float64Array>();
function featuresOf(slot: Slot, season: Season): Float64Array {
  const features = kept.get(slot) ?? makeFeatures(slot, season);
  kept.set(slot, features);
  return features;
}
function makeFeatures(slot: Slot, season: Season): Float64Array {
  const year = 2 * Math.PI * slot.years;
  const features = [1, slot.years, Number(slot.halfDay), Number(slot.holiday), Number(slot.beforeClosure), Number(slot.afterClosure), Number(slot.christmas)];
  for (let k = 1; k <= FOURIER_PAIRS; k++) features.push(Math.sin(k * year), Math.cos(k * year));
  for (let place = 0; place < season; place++) features.push(Number(slot.place === place));
  return Float64Array.from(features);
}

const INTERCEPT = 1e-6;
const PLACE: Readonly<Record<Season, number>> = { 5: 0.1, 7: 0.1, 52: 2 };
function penaltiesOf({ season }: Series): number[] {
  const penalties = [INTERCEPT, 1, 0.5, 0.5, 1, 1, 1];
  for (let k = 1; k <= FOURIER_PAIRS; k++) penalties.push(5, 5);
  for (let place = 0; place < season; place++) penalties.push(PLACE[season]);
  return penalties;
}

function dot(features: Float64Array, weights: Float64Array): number {
  let sum = 0;
  for (let j = 0; j < features.length; j++) sum += features[j]! * weights[j]!;
  return sum;
}
