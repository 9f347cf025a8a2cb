import { topics } from '@slotmesh/contracts';
import { z } from 'zod';
import { type Measure, SMALLEST_SHOWN } from './measure';

const definition = {
  id: 'shared-visits',
  version: 2,
  title: 'Visits that one practice booked into the calendar of another',
  numerator: 'Visits by what became of them: cancelled; fulfilled; noShow; unmarked (past their end without an outcome); open (still to come or under way).',
  denominator: 'booked: all visits that took time on the day, cancelled ones included. A visit that moved counts once, on the day it has now.',
  exclusions: ['visits booked by the host itself', 'requests and wait-list entries that never took time (proposed, pending, waitlist)', 'visits entered in error', 'unmarked visits belong in no rate'],
  clock: "The date at the host's site when the visit starts.",
  hiding: `Practices that are neither host nor booking practice have a line only for days that have been over for three days and on which ${SMALLEST_SHOWN} or more were booked, with booked alone, told to ten, and no parts. There are no totals over cells.`,
};
export const sharedVisits: Measure = { definition, sources: [topics.appointment, topics.hold, topics.agreement, topics.practice, topics.visitType] };

/** What a number of a cell counts, for opening it into its rows. */
export const sharedVisitCount = z.enum(['booked', 'cancelled', 'fulfilled', 'noShow', 'unmarked', 'open']);
export type SharedVisitCount = z.output<typeof sharedVisitCount>;

const UNDER_WAY = ['booked', 'arrived', 'checked-in'];
/** Statuses behind a count, and whether the visit's end must lie before (true) or after now. */
export const rowsBehind: Readonly<Record<SharedVisitCount, { readonly statuses: readonly string[]; readonly ended: boolean | null }>> = {
  booked: { statuses: [...UNDER_WAY, 'cancelled', 'fulfilled', 'noshow'], ended: null },
  cancelled: { statuses: ['cancelled'], ended: null },
  fulfilled: { statuses: ['fulfilled'], ended: null },
  noShow: { statuses: ['noshow'], ended: null },
  unmarked: { statuses: UNDER_WAY, ended: true },
  open: { statuses: UNDER_WAY, ended: false },
};
