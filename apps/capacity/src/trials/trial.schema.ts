import { partnershipId } from '@slotmesh/contracts';
import { MOST_FILE_BYTES } from '@slotmesh/platform';
import { z } from 'zod';
import { mapping } from './domain/mapping';

/** A year of 80,000 visits fits. As JSON a body has a quarter of it. */
export const csv = z.string().min(1).max(MOST_FILE_BYTES);
const slotsPerDay = z.coerce.number().min(1).max(300).optional();

/** As JSON, or the file itself as text/csv with the rest in the query. */
export const previewRequest = z.strictObject({ csv, mapping: mapping.default({}), slotsPerDay });
export const trialRequest = previewRequest.extend({
  yes: z.literal(true),
  share: z.coerce.number().min(0.01).max(1).default(0.1),
  partnership: partnershipId.optional(),
  beside: z.enum(['partnership', 'invented']).optional(),
  runs: z.coerce.number().int().min(20).max(200).default(60),
  seed: z.coerce.number().int().min(0).max(2_147_483_647).default(1),
});
export type TrialRequest = z.output<typeof trialRequest>;

export const trialQuery = z.object({
  ...mapping.shape, slotsPerDay: z.string().optional(), yes: z.enum(['true']).optional(), share: z.string().optional(), partnership: z.string().optional(), beside: z.string().optional(), runs: z.string().optional(), seed: z.string().optional(),
});
type TrialQuery = z.output<typeof trialQuery>;

/** A request from either form. Throws ZodError. */
export function requestOf<Schema extends z.ZodType>(schema: Schema, body: unknown, { start, booked, status, service, duration, yes, ...rest }: TrialQuery): z.output<Schema> {
  if (typeof body !== 'string') return schema.parse(body);
  const named = Object.entries({ start, booked, status, service, duration }).filter(([, column]) => column !== undefined);
  return schema.parse({ csv: body, mapping: Object.fromEntries(named), ...(yes === undefined ? {} : { yes: true }), ...rest });
}
