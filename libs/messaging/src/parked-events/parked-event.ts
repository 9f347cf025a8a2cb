import { z } from 'zod';

export const parkedState = z.enum(['waiting', 'dead']);

/** A record that could not be handled, as an operator sees it. `next` says whether it is the one its key waits for. */
export const parkedEvent = z.object({
  id: z.uuid(), consumer: z.string(), topic: z.string(), key: z.string(), sequence: z.int(), next: z.boolean(), type: z.string().nullable(), host: z.string().nullable(),
  state: parkedState, reason: z.string(), attempts: z.int(), nextAttemptAt: z.string().nullable(), parkedAt: z.string(), partition: z.int().nullable(), offset: z.string().nullable(),
});
export type ParkedEvent = z.output<typeof parkedEvent>;

/** With what came over the wire; names, phones and addresses in it are sealed. */
export const parkedEventDetail = parkedEvent.extend({
  headers: z.record(z.string(), z.string()),
  /** The value as JSON, or base64 of it where it is none. */
  value: z.unknown(),
  /** Records of this key that wait behind it. */
  behind: z.int(),
});
export type ParkedEventDetail = z.output<typeof parkedEventDetail>;

export const parkedEventQuery = z.object({
  state: parkedState.optional(),
  topic: z.string().optional(),
  key: z.string().optional(),
  type: z.string().optional(),
  limit: z.coerce.number().int().min(1).max(200).default(50),
  cursor: z.uuid('is not a cursor that this list gave').optional(),
});
export type ParkedEventQuery = z.output<typeof parkedEventQuery>;

const reason = z.string().trim().min(3, 'say why in a few words, without names of people').max(300);
export const replayRequest = z.object({ acceptGap: z.boolean().default(false), reason: reason.optional() }).refine((body) => !body.acceptGap || body.reason !== undefined, { path: ['reason'], error: 'going past missing records needs a reason' });
export const discardRequest = z.object({ reason });
