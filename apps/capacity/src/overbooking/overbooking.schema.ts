import { serviceCode } from '@slotmesh/contracts';
import { z } from 'zod';
import { USUAL_WEIGHTS } from './domain/session';

const MOST_SLOTS = 40;
const weight = z.number().min(0).max(100);
const bandOfBookings = z.object({
  band: z.enum(['no-earlier-visit', 'none-missed', 'missed-before']), showProbability: z.number().min(0).max(1), bookingsPerSlot: z.array(z.int().min(0).max(5)).min(1).max(MOST_SLOTS),
}).strict();

/** A session by its slots. There is no field for a person, and an unknown one is refused (P20). */
export const sessionRequest = z.object({
  slots: z.int().min(1).max(MOST_SLOTS), slotMinutes: z.int().min(5).max(240),
  /** Left out: the practice's own rate over the last 365 days, of `service` or of all. */
  showProbability: z.number().min(0).max(1).optional(), service: serviceCode.optional(),
  weights: z.object({ seen: weight.default(USUAL_WEIGHTS.seen), wait: weight.default(USUAL_WEIGHTS.wait), overtime: weight.default(USUAL_WEIGHTS.overtime) }).strict().default(USUAL_WEIGHTS),
  /** How many visits of each coarse band lie in each slot of a session as it is booked: the answer tells how long each band waits. */
  booked: z.array(bandOfBookings).max(3).default([]),
}).strict().superRefine(({ slots, showProbability, service, booked }, context) => {
  if (showProbability !== undefined && service !== undefined) context.addIssue({ code: 'custom', path: ['service'], message: 'must be left out where showProbability is given' });
  if (new Set(booked.map(({ band }) => band)).size < booked.length) context.addIssue({ code: 'custom', path: ['booked'], message: 'must name a band once' });
  for (const [i, { bookingsPerSlot }] of booked.entries()) if (bookingsPerSlot.length !== slots) context.addIssue({ code: 'custom', path: ['booked', i, 'bookingsPerSlot'], message: 'must have one number for each slot' });
});
export type SessionRequest = z.output<typeof sessionRequest>;
