import { addDays, type LocalDate, weekdayOf } from '@slotmesh/kernel';
import type { ForecastRefused } from './forecast';
import { openingDays, type StatedSupply } from './opening-days';
import { seriesOf, type Series } from './series';

/** What is known of a practice's demand for one service on the morning of `today`. */
export interface KnownDemand extends StatedSupply {
  /** In the practice's zone; not over yet, so it is the first date that is forecast. */
  readonly today: LocalDate;
  readonly demand: ReadonlyMap<LocalDate, number>;
}
export interface DemandSeries {
  readonly kind: 'series';
  readonly series: Series;
  /** Slots ahead. */
  readonly horizon: number;
  /** Demand on dates that count as closed: no method sees it. */
  readonly whileClosed: number;
}

/** Three years hold each time of the year often enough, and a forecast stays a matter of a second or two. */
export const MOST_DAYS = 1_096;

/** The demand of each open date up to yesterday, and the calendar of `days` more. A week has seven slots where a Saturday or Sunday was ever open, else five. Demand before the practice's time was known is left out. */
export function demandSeries(known: KnownDemand, days: number): DemandSeries | ForecastRefused {
  const { today, demand, minutes } = known;
  const firstOpen = firstOf(minutes);
  const firstAsked = firstOf(demand);
  if (firstAsked === null || firstAsked >= today) return refused('No demand of this service has been counted on a date that is over.');
  if (firstOpen === null || firstOpen >= today) return refused('Nothing is known of when the practice was open: no scheduled time of a date that is over has been stated.');
  const first = [firstOpen, firstAsked, addDays(today, -MOST_DAYS)].reduce((latest, date) => (date > latest ? date : latest));
  const all = openingDays(known, first, addDays(today, days - 1));
  const season = all.some(({ date, closed }) => !closed && weekdayOf(date) > 5) ? 7 : 5;
  const slots = all.filter(({ date }) => season === 7 || weekdayOf(date) <= 5);
  const past = slots.filter(({ date }) => date < today);
  const values = past.map(({ date, closed }) => (closed ? 0 : (demand.get(date) ?? 0)));
  const counted = values.reduce((sum, value) => sum + value, 0);
  const asked = [...demand].reduce((sum, [date, value]) => sum + (date >= first && date < today ? value : 0), 0);
  return { kind: 'series', series: seriesOf(season, slots, values), horizon: slots.length - past.length, whileClosed: asked - counted };
}

function firstOf(numbers: ReadonlyMap<LocalDate, number>): LocalDate | null {
  return [...numbers].reduce<LocalDate | null>((first, [date, value]) => (value > 0 && (first === null || date < first) ? date : first), null);
}
const refused = (reason: string): ForecastRefused => ({ kind: 'refused', reason });
