import type { ForecastMethod } from './method';
import { lastUsual, shareOfUsual } from './special-slots';

const meanOfLast = (name: string, count: number): ForecastMethod => ({
  name,
  needs: (season) => season * Math.min(count, 2),
  forecast: (known, horizon) => {
    const share = shareOfUsual(known);
    return known.slots.slice(known.values.length, known.values.length + horizon).map((slot) => share(slot) * lastUsual(known, slot.place, count));
  },
});

/** What the last usual slot at the same place of the season had. */
export const seasonalNaive = meanOfLast('seasonal naive', 1);
/** The mean of the last eight usual slots at the same place of the season: eight weeks of a weekday, eight years of a week. */
export const weekdayMean = meanOfLast('weekday mean', 8);
