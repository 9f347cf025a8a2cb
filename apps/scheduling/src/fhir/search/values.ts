import { instantText, localDate } from '@slotmesh/contracts';
import { type Instant, type LocalDate, type LocalTime, type Zone, addDays, instantOf, plusMs } from '@slotmesh/kernel';
import { z } from 'zod';

/** How values of search parameters and of operations read (https://hl7.org/fhir/R4/search.html). The same text comes in a URL, in a form and in Parameters. */
export const searchTypes = ['token', 'reference', 'date', 'string'] as const;
export type SearchType = (typeof searchTypes)[number];

/** What a parameter is for, in the OpenAPI text and in the CapabilityStatement. */
export const stated = (type: SearchType, description: string) => ({ description, 'x-fhir-search': type });

const text = z.string('give one value').min(1, 'must not be empty').max(500);
const refuse = (context: z.RefinementCtx, message: string): never => {
  context.addIssue({ code: 'custom', message });
  return z.NEVER;
};

/** `code`, `|code` or `system|code`. */
export const token = <T>(system: string, code: z.ZodType<T, string>) => text.transform((given, context) => {
  const [, named, value] = /^(?:([^|]*)\|)?([^|]*)$/.exec(given) ?? [];
  if (named) return named === system ? value : refuse(context, `must be a code of ${system}`);
  return value;
}).pipe(code);

/** `Type/id`, the id alone, or this server's own URL of it. */
export const reference = <T>(type: string, id: z.ZodType<T, string>) => text.transform((given, context) => {
  const [, named, value] = /^(?:(?:.*\/)?([A-Za-z]+)\/)?([^/]+)$/.exec(given) ?? [];
  return value === undefined || (named !== undefined && named !== type) ? refuse(context, `must be a reference to a ${type}`) : value;
}).pipe(id);

/** A reference to one of several types, which must be named. */
export const typedReference = <Type extends string>(...types: readonly [Type, ...Type[]]) => text.transform((given, context) => {
  const [, named, id] = /^(?:.*\/)?([A-Za-z]+)\/([^/]+)$/.exec(given) ?? [];
  const type = types.find((one) => one === named);
  return type === undefined || id === undefined ? refuse(context, `must be a reference to a ${types.join(' or ')}, such as ${types[0]}/id`) : { type, id };
});

export const words = text;
export const yesOrNo = z.enum(['true', 'false'], 'must be true or false').transform((given) => given === 'true');

/** Given once or often; in a URL also as a list with commas. */
export const many = <T>(item: z.ZodType<T, string>) =>
  z.union([text.transform((given) => given.split(',')), z.array(text).max(50)]).transform((all) => all.flatMap((one) => one.split(','))).pipe(z.array(item));

type Bound = { readonly prefix: 'ge' | 'gt' | 'le' | 'lt' | 'eq'; readonly at: Instant } | { readonly prefix: 'ge' | 'gt' | 'le' | 'lt' | 'eq'; readonly day: LocalDate };

const bound = text.transform((given, context): Bound => {
  const [, prefix = 'eq', value = ''] = /^(ge|gt|le|lt|eq)?(.+)$/.exec(given) ?? [];
  const named = (['ge', 'gt', 'le', 'lt', 'eq'] as const).find((one) => one === prefix) ?? 'eq';
  const day = localDate.safeParse(value);
  if (day.success) return { prefix: named, day: day.data };
  // A plus sign that was not escaped arrives as a space.
  const at = instantText.safeParse(value.replace(' ', '+'));
  return at.success ? { prefix: named, at: at.data } : refuse(context, 'must be a date such as ge2026-12-01, or a time with an offset such as ge2026-12-01T09:00:00Z; prefixes are ge, gt, le, lt and eq');
});
/** One or two bounds, such as `start=ge2026-12-01&start=lt2026-12-08`. */
export const dates = z.union([text.transform((one) => [one]), z.array(text).max(2, 'give two bounds at most')]).pipe(z.array(bound));
export type Dates = z.output<typeof dates>;

/** From (inclusive) to (exclusive); a date without a time is a day of `zone`, all of it. */
export function rangeOf(given: Dates | undefined, zone: Zone): { readonly from: Instant | null; readonly to: Instant | null } {
  let [from, to]: [Instant | null, Instant | null] = [null, null];
  for (const one of given ?? []) {
    const start = 'day' in one ? instantOf(one.day, MIDNIGHT, zone) : one.at;
    const end = 'day' in one ? instantOf(addDays(one.day, 1), MIDNIGHT, zone) : plusMs(one.at, 1);
    if (one.prefix === 'ge' || one.prefix === 'eq') from = later(from, start);
    if (one.prefix === 'gt') from = later(from, end);
    if (one.prefix === 'le' || one.prefix === 'eq') to = earlier(to, end);
    if (one.prefix === 'lt') to = earlier(to, start);
  }
  return { from, to };
}

const MIDNIGHT = '00:00' as LocalTime;
const later = (a: Instant | null, b: Instant): Instant => (a === null || b > a ? b : a);
const earlier = (a: Instant | null, b: Instant): Instant => (a === null || b < a ? b : a);
