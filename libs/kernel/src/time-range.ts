import { type Instant } from './instant';

/** Half open: `start` belongs to it, `end` does not. */
export interface TimeRange {
  readonly start: Instant;
  readonly end: Instant;
}

export const overlaps = (a: TimeRange, b: TimeRange): boolean => a.start < b.end && b.start < a.end;
export const contains = (outer: TimeRange, inner: TimeRange): boolean => outer.start <= inner.start && inner.end <= outer.end;

/** Sorted, joined where they touch or overlap; empty ranges vanish. */
export function union(ranges: readonly TimeRange[]): TimeRange[] {
  const sorted = ranges.filter((r) => r.start < r.end).sort((a, b) => a.start - b.start);
  const joined: { start: Instant; end: Instant }[] = [];
  for (const range of sorted) {
    const last = joined.at(-1);
    if (last && range.start <= last.end) last.end = Math.max(last.end, range.end) as Instant;
    else joined.push({ ...range });
  }
  return joined;
}

/** What of `ranges` no range of `removed` covers: sorted and joined. */
export function subtract(ranges: readonly TimeRange[], removed: readonly TimeRange[]): TimeRange[] {
  const holes = union(removed);
  const left: TimeRange[] = [];
  let passed = 0;
  for (const range of union(ranges)) {
    let start = range.start;
    while (passed < holes.length && holes[passed]!.end <= start) passed += 1;
    for (let i = passed; i < holes.length && holes[i]!.start < range.end; i += 1) {
      const hole = holes[i]!;
      if (hole.start > start) left.push({ start, end: hole.start });
      start = Math.max(start, hole.end) as Instant;
    }
    if (start < range.end) left.push({ start, end: range.end });
  }
  return left;
}

/** What both cover: sorted and joined. */
export function intersect(a: readonly TimeRange[], b: readonly TimeRange[]): TimeRange[] {
  const [xs, ys] = [union(a), union(b)];
  const found: TimeRange[] = [];
  for (let i = 0, j = 0; i < xs.length && j < ys.length; ) {
    const [x, y] = [xs[i]!, ys[j]!];
    if (overlaps(x, y)) found.push({ start: Math.max(x.start, y.start) as Instant, end: Math.min(x.end, y.end) as Instant });
    if (x.end < y.end) i += 1;
    else j += 1;
  }
  return found;
}
