import { z } from 'zod';
import { nearestName } from './nearest-name';

type Raw = z.core.$ZodRawIssue;

const kinds: Readonly<Record<string, string>> = { string: 'text', number: 'a number', int: 'a whole number', boolean: 'true or false', object: 'an object with named fields', array: 'a list', record: 'an object with named fields', null: 'null', date: 'a date', bigint: 'a whole number', never: 'left out' };
const formats: Readonly<Record<string, string>> = {
  uuid: 'an id (a UUID, such as 0198f2c4-5b7e-7c3d-9a10-2f6d8e4b1a90)', email: 'an e-mail address', url: 'a web address that begins with https://', datetime: 'an RFC 3339 instant, such as 2026-11-23T14:00:00Z', date: 'a date, such as 2026-11-23', time: 'a time of day, such as 09:30', base64: 'base64', base64url: 'base64url', ipv4: 'an IPv4 address', ipv6: 'an IPv6 address',
};
const units: Readonly<Record<string, readonly [string, string]>> = { string: ['character', 'characters'], array: ['entry', 'entries'], set: ['entry', 'entries'], map: ['entry', 'entries'], file: ['byte', 'bytes'] };

/** What the sender has to do about a value that a schema refuses, said of the field: "must be ..", "is missing: ..". Where a schema has words of its own, these stand. */
export function inPlainWords(issue: Raw): string {
  if (issue.code === 'unrecognized_keys') return issue.keys.map((key) => unknownField(key, issue.inst)).join('\n');
  if (issue.input === undefined && (issue.code === 'invalid_type' || issue.code === 'invalid_value')) return `is missing${toGive(issue)}`;
  switch (issue.code) {
    case 'invalid_type': return `must be ${wantedBy(issue.inst, issue.expected) ?? issue.expected}`;
    case 'invalid_value': return `must be ${oneOf(issue.values)}`;
    case 'too_small': return issue.origin === 'string' && Number(issue.minimum) === 1 ? 'must not be empty' : bound(issue.origin, Number(issue.minimum), issue.exact ? 'exactly' : issue.inclusive === false ? 'more than' : 'at least');
    case 'too_big': return bound(issue.origin, Number(issue.maximum), issue.exact ? 'exactly' : issue.inclusive === false ? 'less than' : 'at most');
    case 'not_multiple_of': return `must be a multiple of ${issue.divisor}`;
    case 'invalid_format': return formats[issue.format] ? `must be ${formats[issue.format]}` : issue.format === 'regex' ? `must be ${descriptionOf(issue.inst) ?? `written as ${String(issue['pattern'] ?? 'agreed')}`}` : `must be a valid ${issue.format}`;
    case 'invalid_union': return Array.isArray(issue.options) && issue.options.length > 0 ? `must be ${oneOf(issue.options)}` : 'must have one of the forms that /docs shows';
    default: return 'is not taken here; /docs shows what is';
  }
}

/** As long as the process lives, schemas speak so wherever they have no words of their own. */
export const speakInPlainWords = (): void => void z.config({ localeError: inPlainWords });

/** More would be read by nobody. */
const MOST_LISTED = 12;

function unknownField(key: string, schema: unknown): string {
  const known = schema instanceof z.ZodObject ? Object.keys(schema.shape) : [];
  const nearest = nearestName(key, known);
  return `is not known here${nearest !== null ? `; did you mean ${nearest}?` : known.length > 0 && known.length <= MOST_LISTED ? `: known ${known.length === 1 ? 'is' : 'are'} ${known.join(', ')}` : ''}`;
}

function toGive(issue: Raw): string {
  if (issue.code === 'invalid_value') return `: give ${oneOf(issue.values)}`;
  const what = wantedBy(issue.inst, issue.code === 'invalid_type' ? issue.expected : '');
  return what === null ? '' : `: give ${what}`;
}

function wantedBy(schema: unknown, kind: string): string | null {
  const format = schema instanceof z.ZodStringFormat ? formats[schema.def.format] : undefined;
  return descriptionOf(schema) ?? format ?? kinds[kind] ?? null;
}

/** What a schema calls itself where that fits behind "must be": a date, an instant, .. */
function descriptionOf(schema: unknown): string | null {
  const text = schema instanceof z.ZodType ? schema.description : undefined;
  return text && /^an? /.test(text) ? text : null;
}

const oneOf = (values: readonly unknown[]): string => `${values.length > 1 ? 'one of ' : ''}${values.map(String).join(', ')}`;

function bound(origin: string, limit: number, how: string): string {
  const [one, many] = units[origin] ?? [];
  return one === undefined ? `must be ${how === 'exactly' ? '' : `${how} `}${limit}` : `must have ${how} ${limit} ${limit === 1 ? one : many}`;
}
