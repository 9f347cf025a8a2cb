import type { Instant, ResourceId, Zone } from '@slotmesh/kernel';
import { type Gap, type StartWindow, isInside, windowAfter } from './gap';

export interface ChainOpening {
  readonly id: string;
  readonly start: Instant;
  readonly end: Instant;
  readonly zone: Zone;
  /** The provider, and for how long it is taken before and after the visit. */
  readonly provider: { readonly resource: ResourceId; readonly bufferBeforeMinutes: number; readonly bufferAfterMinutes: number };
}
type Place = Pick<ChainOpening, 'id' | 'start'>;
/** The next openings of a step, by start and id, from an instant on and behind a place that was read to. `last`: to where this reads, also where nothing there can be used. */
export type ReadOpenings<O> = (step: number, from: Instant, behind: Place | null) => Promise<{ readonly openings: readonly O[]; readonly last: Place | null; readonly more: boolean }>;
export interface Sweep {
  /** Of each step after the first, from the one before. */
  readonly gaps: readonly Gap[];
  readonly from: Instant;
  readonly limit: number;
  /** How often openings are read at most, whatever is asked. */
  readonly mostReads: number;
}
export interface SweptChains<O> {
  /** Earliest end first, then the one that begins last, which waits least. One for each opening in which a chain can end. */
  readonly chains: readonly (readonly O[])[];
  /** Where the reads were used up: what ends before it was looked at. */
  readonly until: Instant | null;
}
interface Link<O> {
  readonly opening: O;
  readonly before: Link<O> | null;
  readonly begins: Instant;
  /** When the step after it may begin. */
  readonly next: StartWindow | null;
}
interface Step<O> {
  unread: readonly O[];
  at: number;
  /** Nothing that was not read begins before it. */
  reached: Instant;
  last: Place | null;
  ended: boolean;
  links: Link<O>[];
}

/**
 * Finds chains by one sweep through time over all steps at once: whatever comes before an opening in a chain was passed already. A step is read only where a step before it was reached, and from when on it may
 * begin. So the chains are exactly the earliest ones, and a sparse wish costs few reads; where the reads are used up, what was found so far is still the earliest.
 */
export async function sweepChains<O extends ChainOpening>(sweep: Sweep, read: ReadOpenings<O>): Promise<SweptChains<O>> {
  const steps = Array.from({ length: sweep.gaps.length + 1 }, (): Step<O> => ({ unread: [], at: 0, reached: sweep.from, last: null, ended: false, links: [] }));
  const found: Link<O>[] = [];
  let reads = 0;
  for (;;) {
    const next = nextOf(steps);
    if (next === null) return { chains: earliest(found, sweep.limit), until: null };
    if (found.filter(({ opening }) => opening.end <= next.start).length >= sweep.limit) return { chains: earliest(found, sweep.limit), until: null };
    const step = steps[next.index]!;
    const opening = step.unread[step.at];
    if (opening === undefined) {
      if (reads >= sweep.mostReads) return { chains: earliest(found.filter((link) => link.opening.end <= next.start), sweep.limit), until: next.start };
      reads += 1;
      const page = await read(next.index, next.start, step.last !== null && step.last.start >= next.start ? step.last : null);
      Object.assign(step, { unread: page.openings, at: 0, reached: next.start, last: page.last ?? step.last, ended: !page.more });
      continue;
    }
    step.at += 1;
    step.reached = opening.start;
    const before = next.index === 0 ? null : bestBefore(steps[next.index - 1]!, opening);
    if (next.index > 0 && before === null) continue;
    const gap = sweep.gaps[next.index];
    const link = { opening, before, begins: before?.begins ?? opening.start, next: gap ? windowAfter(opening, gap) : null };
    if (gap === undefined) found.push(link);
    else step.links.push(link);
  }
}

/** Which step comes next, and from when on: its next opening, or where it has to be read. Null: nothing more can be. */
function nextOf<O extends ChainOpening>(steps: readonly Step<O>[]): { readonly index: number; readonly start: Instant } | null {
  let first: { readonly index: number; readonly start: Instant } | null = null;
  for (const [index, step] of steps.entries()) {
    const start = step.unread[step.at]?.start ?? (step.ended ? null : index === 0 ? step.reached : wantedFrom(steps[index - 1]!, step.reached));
    if (start !== null && (first === null || start < first.start)) first = { index, start };
  }
  return first;
}

function wantedFrom<O>({ links }: Step<O>, reached: Instant): Instant | null {
  let from: Instant | null = null;
  for (const { next } of links) if (next && (next.latest === null || next.latest >= reached) && (from === null || next.from < from)) from = next.from;
  return from === null ? null : (Math.max(from, reached) as Instant);
}

/** Of what may come before it, where the patient waits least in all. What can come before nothing any more is forgotten. */
function bestBefore<O extends ChainOpening>(step: Step<O>, opening: O): Link<O> | null {
  step.links = step.links.filter(({ next }) => next?.latest === null || (next !== null && next.latest >= opening.start));
  let best: Link<O> | null = null;
  for (const link of step.links) {
    if (!link.next || !isInside(link.next, opening.start) || !leavesRoom(link.opening, opening)) continue;
    if (best === null || link.begins > best.begins || (link.begins === best.begins && link.opening.start >= best.opening.start)) best = link;
  }
  return best;
}

/** One provider needs the time around a visit, too. */
function leavesRoom({ provider: a, end }: ChainOpening, { provider: b, start }: ChainOpening): boolean {
  return a.resource !== b.resource || end + a.bufferAfterMinutes * 60_000 <= start - b.bufferBeforeMinutes * 60_000;
}

function earliest<O extends ChainOpening>(found: readonly Link<O>[], limit: number): O[][] {
  const sorted = [...found].sort((a, b) => a.opening.end - b.opening.end || b.begins - a.begins || (a.opening.id < b.opening.id ? -1 : 1));
  return sorted.slice(0, limit).map((last) => {
    const chain: O[] = [];
    for (let link: Link<O> | null = last; link !== null; link = link.before) chain.unshift(link.opening);
    return chain;
  });
}
