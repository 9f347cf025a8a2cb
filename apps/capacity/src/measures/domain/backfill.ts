import { topics } from '@slotmesh/contracts';
import { z } from 'zod';
import { type Measure, SMALLEST_SHOWN } from './measure';

const definition = {
  id: 'backfill',
  version: 1,
  title: 'Times that were given back and offered to waiting patients',
  numerator: 'filledShare: filled, rounds in which somebody said yes. offersPerFill: all offers made, of filled and other rounds. minutesMedian, minutesP90: minutes from the time being given back to the yes that filled it, over filled rounds, interpolated and rounded to whole minutes.',
  denominator: 'filledShare: offered, ended rounds with at least one offer; they are filled, takenByDesk (the host took the time out for an urgent patient) or unfilled. offersPerFill: filled. One time that is given back again is a round again.',
  exclusions: ['rounds without an offer (unoffered: nobody waited whom it suits, or the time was closed or taken at once) are in no rate', 'rounds that have not ended', 'whether the visit then took place: that is what shared-visits counts'],
  clock: "The calendar month at the host's site when the round ended, so that a month that is over does not change. Minutes run through nights and quiet hours.",
  hiding: `For practices other than the host: only months that are over; under ${SMALLEST_SHOWN} offered, no count; any of filled, takenByDesk, unfilled under ${SMALLEST_SHOWN}, none of them and no rate, offers or minutes; under ${SMALLEST_SHOWN} unoffered, not that. There are no totals over cells.`,
};
export const backfill: Measure = { definition, sources: [topics.offerRound, topics.practice] };

/** What a number of a cell counts, for opening it into its rows. */
export const backfillCount = z.enum(['offered', 'filled', 'takenByDesk', 'unfilled', 'unoffered']);
export type BackfillCount = z.output<typeof backfillCount>;

const UNFILLED = ['nobody-waits', 'exhausted', 'not-open'];
/** Outcomes behind a count, and whether somebody was asked. */
export const roundsBehind: Readonly<Record<BackfillCount, { readonly outcomes: readonly string[]; readonly asked: boolean }>> = {
  offered: { outcomes: [...UNFILLED, 'filled', 'taken-by-desk'], asked: true },
  filled: { outcomes: ['filled'], asked: true },
  takenByDesk: { outcomes: ['taken-by-desk'], asked: true },
  unfilled: { outcomes: UNFILLED, asked: true },
  unoffered: { outcomes: [...UNFILLED, 'filled', 'taken-by-desk'], asked: false },
};

/** To two decimals; null where one of the two is hidden, or nothing is divided by. */
export const rate = (part: number | null, whole: number | null): number | null => (part === null || !whole ? null : Math.round((part / whole) * 100) / 100);
