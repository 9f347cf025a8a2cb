import { partnershipId } from '@slotmesh/contracts';
import { MOST_FILE_BYTES } from '@slotmesh/platform';
import { z } from 'zod';
import { mapping } from './domain/mapping';

/** A file as it is: a year of 80,000 visits fits. As JSON a body has a quarter of it. */
export const fileBody = z.custom<Uint8Array>((body) => body instanceof Uint8Array && body.length > 0, 'must be a file that is not empty').meta({ type: 'string', minLength: 1, maxLength: MOST_FILE_BYTES });
const csv = z.string().min(1).max(MOST_FILE_BYTES);
const slotsPerDay = z.coerce.number().min(1).max(300).optional();

const previewAsked = z.strictObject({ mapping: mapping.default({}), slotsPerDay });
const trialAsked = previewAsked.extend({
  yes: z.literal(true),
  share: z.coerce.number().min(0.01).max(1).default(0.1),
  partnership: partnershipId.optional(),
  beside: z.enum(['partnership', 'invented']).optional(),
  runs: z.coerce.number().int().min(20).max(200).default(60),
  seed: z.coerce.number().int().min(0).max(2_147_483_647).default(1),
});
/** As JSON, or the file itself as text/csv with the rest in the query. */
export const previewBody = previewAsked.extend({ csv });
export const trialBody = trialAsked.extend({ csv });
type WithFile<Asked> = Asked & { readonly file: Uint8Array | string };
export type PreviewRequest = WithFile<z.output<typeof previewAsked>>;
export type TrialRequest = WithFile<z.output<typeof trialAsked>>;

/** Of the preview alone, so that a field that it does not take is refused as one that is not known. */
export const previewQuery = z.object({ ...mapping.shape, slotsPerDay: z.string().optional() });
export const trialQuery = z.object({
  ...previewQuery.shape, yes: z.enum(['true']).optional(), share: z.string().optional(), partnership: z.string().optional(), beside: z.string().optional(), runs: z.string().optional(), seed: z.string().optional(),
});
type PreviewQuery = z.output<typeof previewQuery>;
type TrialQuery = z.output<typeof trialQuery>;

/** From either form. Throws ZodError. */
export function previewOf(body: unknown, query: PreviewQuery): PreviewRequest {
  if (body instanceof Uint8Array) return { ...previewAsked.parse(mapped(query)), file: body };
  const { csv: file, ...rest } = previewBody.parse(body);
  return { ...rest, file };
}

/** From either form. Throws ZodError. */
export function trialOf(body: unknown, query: TrialQuery): TrialRequest {
  if (body instanceof Uint8Array) return { ...trialAsked.parse(asked(query)), file: body };
  const { csv: file, ...rest } = trialBody.parse(body);
  return { ...rest, file };
}

const asked = ({ yes, ...rest }: TrialQuery): object => ({ ...mapped(rest), ...(yes === undefined ? {} : { yes: true }) });

function mapped({ start, booked, status, service, duration, ...rest }: PreviewQuery): object {
  const named = Object.entries({ start, booked, status, service, duration }).filter(([, column]) => column !== undefined);
  return { mapping: Object.fromEntries(named), ...rest };
}
