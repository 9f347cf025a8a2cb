import { addDays, type Instant, instantOf, type LocalTime, localDateOf, MINUTE, plusMinutes, type TimeRange, type Zone } from '@slotmesh/kernel';

export interface VisitShape {
  readonly durationMinutes: number;
  readonly bufferBeforeMinutes: number;
  readonly bufferAfterMinutes: number;
}

/**
 * A question for the starts of one visit type with one provider at one site.
 *
 * The visit itself lies inside open time; buffers may hang over its edges, but never over anything taken. Hours say when patients are seen: staff set up
 * before the first and clean up after the last, and a buffer before would otherwise make the opening minute, the most wanted start, unbookable.
 */
export interface StartQuery extends VisitShape {
  /** As `openRanges` gives them: in order, without overlap. The grid counts from `opens`, without it from `start`. */
  readonly open: readonly (TimeRange & { readonly opens?: Instant })[];
  /** What is taken, buffers included, sorted by start; may overlap. */
  readonly busy: readonly TimeRange[];
  /** For each further kind needed (room, device) the taken time of every resource that could serve, sorted by start: one of them must be free throughout. */
  readonly oneOf?: readonly (readonly (readonly TimeRange[])[])[];
  readonly stepMinutes: number;
  /** Starts lie at or after `start` and before `end`; see `bookableWindow`. */
  readonly window: TimeRange;
}

/**
 * The part of the asked time that may be booked now: at least `minimumNoticeMinutes` of real time ahead, and at most `horizonDays` calendar dates of the
 * site ahead (0: only today). Empty ranges have start >= end.
 */
export function bookableWindow(now: Instant, policy: { readonly minimumNoticeMinutes: number; readonly horizonDays: number }, asked: TimeRange, zone: Zone): TimeRange {
  const horizon = instantOf(addDays(localDateOf(now, zone), policy.horizonDays), '24:00' as LocalTime, zone);
  return { start: Math.max(asked.start, plusMinutes(now, policy.minimumNoticeMinutes)) as Instant, end: Math.min(asked.end, horizon) as Instant };
}

/** The first `limit` starts in order. */
export function findStarts(query: StartQuery, limit = Number.POSITIVE_INFINITY): Instant[] {
  const found: Instant[] = [];
  if (limit <= 0) return found;
  for (const start of starts(query)) if (found.push(start) >= limit) break;
  return found;
}

/** Whether a start that somebody names is one that a search would show. */
export const isStart = (query: StartQuery, at: Instant): boolean => findStarts({ ...query, window: { start: at, end: (at + 1) as Instant } }, 1).length === 1;

/** All starts in order, found one by one as they are asked for. Reads every open and taken range once. */
export function* starts(query: StartQuery): Generator<Instant, void, void> {
  const { open, window } = query;
  const step = query.stepMinutes * MINUTE;
  const duration = query.durationMinutes * MINUTE;
  if (!(step > 0) || !(duration > 0)) throw new RangeError('step and duration are positive minutes');
  const before = query.bufferBeforeMinutes * MINUTE;
  const after = duration + query.bufferAfterMinutes * MINUTE;
  const own = new Taken(query.busy);
  const kinds = (query.oneOf ?? []).map((resources) => resources.map((busy) => new Taken(busy)));
  for (let i = 0, runEnd = 0; i < open.length; i += 1) {
    const piece = open[i]!;
    if (piece.start >= window.end) return;
    if (piece.end <= window.start) continue;
    // Why: pieces that touch are one stretch of work, so a visit may run from one into the next.
    if (runEnd < piece.end) runEnd = endOfRun(open, i);
    const end = Math.min(piece.end, window.end, runEnd - duration + 1);
    const origin = piece.opens ?? piece.start;
    let at = onGrid(Math.max(piece.start, window.start), origin, step);
    while (at < end) {
      const clear = clearFrom(own, kinds, at - before, at + after);
      if (clear === null) {
        yield at as Instant;
        at += step;
      } else {
        at = onGrid(clear + before, origin, step);
      }
    }
  }
}

/** Null where the stretch is free, else the earliest time at which what stands in the way is over. */
function clearFrom(own: Taken, kinds: readonly (readonly Taken[])[], from: number, to: number): number | null {
  const end = own.blocks(from, to);
  if (end !== null) return end;
  for (const resources of kinds) {
    let earliest = Number.POSITIVE_INFINITY;
    for (const resource of resources) {
      earliest = Math.min(earliest, resource.blocks(from, to) ?? Number.NEGATIVE_INFINITY);
      if (earliest === Number.NEGATIVE_INFINITY) break;
    }
    if (earliest !== Number.NEGATIVE_INFINITY) return earliest;
  }
  return null;
}

/** Taken time of one resource, read forward: questions come with rising `from`. */
class Taken {
  private passed = 0;
  constructor(private readonly ranges: readonly TimeRange[]) {}

  /** The end of a range that meets [from, to), null where none does. */
  blocks(from: number, to: number): number | null {
    while (this.passed < this.ranges.length && this.ranges[this.passed]!.end <= from) this.passed += 1;
    const next = this.ranges[this.passed];
    return next && next.start < to ? next.end : null;
  }
}

const onGrid = (at: number, origin: number, step: number): number => origin + Math.ceil((at - origin) / step) * step;

function endOfRun(open: readonly TimeRange[], index: number): number {
  let end = open[index]!.end;
  for (let i = index + 1; i < open.length && open[i]!.start <= end; i += 1) end = Math.max(end, open[i]!.end) as Instant;
  return end;
}
