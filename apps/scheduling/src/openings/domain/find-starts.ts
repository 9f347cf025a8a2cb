import { addDays, type Instant, instantOf, type LocalTime, localDateOf, MINUTE, plusMinutes, type TimeRange, type Zone } from '@slotmesh/kernel';
import { assign } from './resource-need';

export interface VisitShape {
  readonly durationMinutes: number;
  readonly bufferBeforeMinutes: number;
  readonly bufferAfterMinutes: number;
}

/** One further need of a visit. What the resource needs before and after is its own: the room is cleaned while the provider is elsewhere. */
export interface StartNeed {
  readonly bufferBeforeMinutes: number;
  readonly bufferAfterMinutes: number;
  /** `busy`: taken time, buffers included, sorted by start. */
  readonly resources: readonly { readonly id: string; readonly busy: readonly TimeRange[] }[];
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
  /** For each further resource needed (room, device, interpreter) those that could serve: one of them must be free throughout, and no one serves two needs. */
  readonly oneOf?: readonly StartNeed[];
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
  const own = new Taken(query, duration, [query.busy]);
  const oneOf = query.oneOf ?? [];
  const needs = oneOf.map((need) => new Taken(need, duration, need.resources.map(({ busy }) => busy)));
  const contested = haveInCommon(oneOf) ? oneOf.map(({ resources }) => resources.map(({ id }) => id)) : null;
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
      const clear = clearFrom(own, needs, at) ?? (contested && !fit(needs, contested, at) ? at + 1 : null);
      if (clear === null) {
        yield at as Instant;
        at += step;
      } else {
        at = onGrid(clear, origin, step);
      }
    }
  }
}

/** Null where the visit may start `at`, else the earliest start at which the first thing in the way is over. */
function clearFrom(own: Taken, needs: readonly Taken[], at: number): number | null {
  const end = own.clearFrom(at);
  if (end !== null) return end;
  for (const need of needs) {
    const clear = need.clearFrom(at);
    if (clear !== null) return clear;
  }
  return null;
}

/** Taken time of the resources that could serve one need, read forward: questions come with rising `at`. */
class Taken {
  private readonly passed: number[];
  private readonly before: number;
  private readonly after: number;

  constructor(need: { readonly bufferBeforeMinutes: number; readonly bufferAfterMinutes: number }, duration: number, private readonly resources: readonly (readonly TimeRange[])[]) {
    this.passed = resources.map(() => 0);
    this.before = need.bufferBeforeMinutes * MINUTE;
    this.after = duration + need.bufferAfterMinutes * MINUTE;
  }

  /** Null where one is free for a visit that starts `at`, else the start from which on the first may be. */
  clearFrom(at: number): number | null {
    let earliest = Number.POSITIVE_INFINITY;
    for (let i = 0; i < this.resources.length; i += 1) {
      const end = this.blocks(i, at - this.before, at + this.after);
      if (end === null) return null;
      earliest = Math.min(earliest, end + this.before);
    }
    return earliest;
  }

  isFree(resource: number, at: number): boolean {
    return this.blocks(resource, at - this.before, at + this.after) === null;
  }

  /** The end of a range that meets [from, to), null where none does. */
  private blocks(resource: number, from: number, to: number): number | null {
    const ranges = this.resources[resource]!;
    while (this.passed[resource]! < ranges.length && ranges[this.passed[resource]!]!.end <= from) this.passed[resource]! += 1;
    const next = ranges[this.passed[resource]!];
    return next && next.start < to ? next.end : null;
  }
}

/** Whether each need finds a resource of its own; asked only where two needs look at the same ones. */
const fit = (needs: readonly Taken[], ids: readonly (readonly string[])[], at: number): boolean =>
  assign(needs.map((need, i) => ids[i]!.filter((_, resource) => need.isFree(resource, at)))) !== null;

function haveInCommon(needs: readonly StartNeed[]): boolean {
  const ids = needs.flatMap(({ resources }) => resources.map(({ id }) => id));
  return new Set(ids).size < ids.length;
}

const onGrid = (at: number, origin: number, step: number): number => origin + Math.ceil((at - origin) / step) * step;

function endOfRun(open: readonly TimeRange[], index: number): number {
  let end = open[index]!.end;
  for (let i = index + 1; i < open.length && open[i]!.start <= end; i += 1) end = Math.max(end, open[i]!.end) as Instant;
  return end;
}
