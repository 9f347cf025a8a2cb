import type { MeasureItem } from './measure-answers';

export const BOX = { width: 320, height: 120, left: 4, right: 316, top: 16, bottom: 100 } as const;

interface Spot {
  readonly x: number;
  readonly y: number;
}
export interface ChartShape {
  /** What the upper edge stands for; the lower edge is zero, or the smallest where something lies under zero. */
  readonly most: number;
  readonly least: number;
  /** A line for each run of periods that follow each other: over a period without a number none is drawn. */
  readonly lines: readonly string[];
  readonly bands: readonly string[];
  readonly centres: readonly string[];
  readonly points: readonly (Spot & { readonly item: MeasureItem; readonly value: number })[];
}

/** Where things are drawn: periods at equal steps, values from zero. */
export function chartShape(names: readonly string[], items: readonly MeasureItem[]): ChartShape {
  const byPeriod = new Map(items.map((item) => [item.period, item]));
  const heights = items.flatMap(({ value, limits }) => [...(value === null ? [] : [value]), ...(limits ? [limits.lower, limits.upper] : [])]);
  const [least, highest] = [Math.min(0, ...heights), Math.max(0, ...heights)];
  const most = highest === least ? least + 1 : highest;
  const x = (index: number): number => rounded(names.length < 2 ? (BOX.left + BOX.right) / 2 : BOX.left + 4 + (index / (names.length - 1)) * (BOX.right - BOX.left - 8));
  const y = (value: number): number => rounded(BOX.bottom - ((value - least) / (most - least)) * (BOX.bottom - BOX.top));
  const spots = names.map((name, index) => ({ x: x(index), item: byPeriod.get(name) }));
  const points = spots.flatMap(({ x: across, item }) => (item && item.value !== null ? [{ x: across, y: y(item.value), item, value: item.value }] : []));
  const valued = runs(spots.map(({ x: across, item }) => (item && item.value !== null ? { x: across, y: y(item.value) } : null)));
  const limited = runs(spots.map(({ x: across, item }) => (item?.limits ? { x: across, lower: y(item.limits.lower), upper: y(item.limits.upper), centre: y(item.limits.centre) } : null)));
  return {
    most, least, points, lines: valued.map(lineThrough),
    bands: limited.map((run) => lineThrough([...run.map((spot) => ({ x: spot.x, y: spot.upper })), ...run.toReversed().map((spot) => ({ x: spot.x, y: spot.lower }))])),
    centres: limited.map((run) => lineThrough(run.map((spot) => ({ x: spot.x, y: spot.centre })))),
  };
}

const rounded = (value: number): number => Math.round(value * 10) / 10;
const lineThrough = (spots: readonly Spot[]): string => spots.map((spot) => `${spot.x},${spot.y}`).join(' ');

function runs<T>(spots: readonly (T | null)[]): T[][] {
  const found: T[][] = [];
  let run: T[] = [];
  for (const spot of [...spots, null]) {
    if (spot !== null) run.push(spot);
    else if (run.length > 0) {
      found.push(run);
      run = [];
    }
  }
  return found;
}
