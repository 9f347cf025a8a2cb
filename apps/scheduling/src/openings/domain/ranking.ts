import { type Instant, localDateOf, MINUTE, type TimeRange, union, type Zone } from '@slotmesh/kernel';
import type { VisitShape } from './find-starts';

/** How a visit lies in the day: between two neighbours, beside one, or alone, leaving a gap on both sides. A neighbour is a taken time or an edge of the hours. */
export type Fit = 'fills' | 'touches' | 'alone';

/** What decides the place of an opening among others. */
export interface Rankable {
  readonly id: string;
  readonly start: Instant;
  readonly zone: Zone;
  /** Null where nothing was asked about distance, or the site's place is not known. */
  readonly kilometres: number | null;
  readonly fit: Fit;
}

/** `compact`: per date of the site, first what leaves no gap. */
export const rankings = ['soonest', 'closest', 'compact'] as const;
export type Ranking = (typeof rankings)[number];

/** Where a visit at `start` would lie among the open and taken ranges of its provider. A gap counts even where no visit would fit into it. */
export function fitOf(visit: VisitShape, start: Instant, open: readonly TimeRange[], busy: readonly TimeRange[]): Fit {
  const end = start + visit.durationMinutes * MINUTE;
  const before = start - visit.bufferBeforeMinutes * MINUTE;
  const after = end + visit.bufferAfterMinutes * MINUTE;
  // Why joined: where one block runs on into the next there is no edge. Why both ends: a buffer may hang over the edge of the hours (find-starts).
  const block = union(open).find((range) => range.start <= start && end <= range.end);
  const meetsBefore = (block !== undefined && before <= block.start) || busy.some((taken) => taken.end === before);
  const meetsAfter = (block !== undefined && after >= block.end) || busy.some((taken) => taken.start === after);
  return meetsBefore && meetsAfter ? 'fills' : meetsBefore || meetsAfter ? 'touches' : 'alone';
}

/** A total order: equal only for the same opening, so that pages and repeated searches agree. A place that is not known comes last. */
export function compareBy(ranking: Ranking): (a: Rankable, b: Rankable) => number {
  const criteria = CRITERIA[ranking];
  return (a, b) => {
    for (const compare of criteria) {
      const order = compare(a, b);
      if (order !== 0) return order;
    }
    return 0;
  };
}

export const rank = <T extends Rankable>(openings: readonly T[], ranking: Ranking): T[] => [...openings].sort(compareBy(ranking));

type Compare = (a: Rankable, b: Rankable) => number;
const ascending = <K extends string | number>(key: (opening: Rankable) => K): Compare => (a, b) => {
  const [left, right] = [key(a), key(b)];
  return left < right ? -1 : left > right ? 1 : 0;
};
const FITS: readonly Fit[] = ['fills', 'touches', 'alone'];
const byStart = ascending((opening) => opening.start);
// Why rounded: a few steps between two doors are no reason to offer a later time.
const byDistance = ascending((opening) => (opening.kilometres === null ? Number.POSITIVE_INFINITY : kilometresShown(opening.kilometres)));
const byFit = ascending((opening) => FITS.indexOf(opening.fit));
const byDate = ascending((opening) => localDateOf(opening.start, opening.zone));
const byId = ascending((opening) => opening.id);

const CRITERIA: Readonly<Record<Ranking, readonly Compare[]>> = {
  soonest: [byStart, byDistance, byFit, byId],
  closest: [byDistance, byStart, byFit, byId],
  compact: [byDate, byFit, byDistance, byStart, byId],
};

/** Kilometres as people are told them: one decimal below ten, whole above. */
export const kilometresShown = (kilometres: number): number => (kilometres < 10 ? Math.round(kilometres * 10) / 10 : Math.round(kilometres));

/**
 * Why each opening is where it is, in words for a desk, in the order given: `soonest; 3.2 km away; fills a gap exactly`. What is "soonest" or "closest" is
 * so among these; on a later page of a search nothing is (`isFirstPage` false).
 */
export function reasons(openings: readonly Rankable[], isFirstPage = true): string[] {
  const first = openings.reduce((least, opening) => Math.min(least, opening.start), Number.POSITIVE_INFINITY);
  const distances = openings.flatMap((opening) => (opening.kilometres === null ? [] : [kilometresShown(opening.kilometres)]));
  const nearest = Math.min(...distances);
  const differs = distances.some((kilometres) => kilometres !== nearest);
  return openings.map(({ start, kilometres, fit }) => {
    const shown = kilometres === null ? null : kilometresShown(kilometres);
    const said = [
      isFirstPage && start === first ? 'soonest' : null,
      shown === null ? null : `${isFirstPage && differs && shown === nearest ? 'closest, ' : ''}${shown} km away`,
      { fills: 'fills a gap exactly', touches: 'leaves no gap on one side', alone: null }[fit],
    ].filter((reason) => reason !== null);
    return said.length > 0 ? said.join('; ') : 'open time';
  });
}
