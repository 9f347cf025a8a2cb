import { mean } from './mean';
import type { ForecastMethod } from './method';
import { isUsual, type Series } from './series';
import { shareOfUsual } from './special-slots';

const NEIGHBOURS = 8;

/**
 * What is booked already, and what came after so many slots before at the last eight usual slots of the same weekday or week ("additive pickup"). It says
 * nothing of slots for which that is unknown, and of those behind them.
 */
export const bookedSoFar: ForecastMethod = {
  name: 'booked so far',
  needs: (season) => 2 * season,
  forecast: (known, horizon) => {
    const share = shareOfUsual(known);
    const said: number[] = [];
    for (let ahead = 1; ahead <= horizon; ahead++) {
      const slot = known.slots[known.values.length + ahead - 1];
      const now = known.booked?.[known.values.length + ahead - 1]?.[ahead - 1];
      const later = slot ? cameLater(known, slot.place, ahead) : [];
      if (slot?.closed && known.booked) said.push(0);
      else if (typeof now !== 'number' || later.length === 0) break;
      else said.push(Math.max(0, now + share(slot) * mean(later)));
    }
    return said;
  },
};

function cameLater({ slots, values, booked }: Series, place: number, ahead: number): number[] {
  const later: number[] = [];
  for (let i = values.length - 1; i >= 0 && later.length < NEIGHBOURS; i--) {
    const [slot, value, before] = [slots[i], values[i], booked?.[i]?.[ahead - 1]];
    if (slot?.place === place && isUsual(slot) && typeof value === 'number' && typeof before === 'number') later.push(value - before);
  }
  return later;
}
