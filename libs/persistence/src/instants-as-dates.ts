import { types, type CustomTypesConfig } from 'pg';

const TIMESTAMPTZ = types.builtins.TIMESTAMPTZ;
const parseAny: (text: string) => Date = types.getTypeParser(TIMESTAMPTZ);
const digits = (text: string, from: number, to: number): number => {
  let value = 0;
  for (let i = from; i < to; i += 1) value = value * 10 + text.charCodeAt(i) - 48;
  return value;
};

/** Reads `2026-03-08 13:00:00.25+00`, which is how PostgreSQL writes an instant to a session in UTC, without regular expressions: half of what a search reads are instants. Anything else, such as
 * `infinity`, years before 1000 and other zones, is left to `pg`. */
export function dateOf(text: string): Date {
  if (!(text.charCodeAt(4) === 45 && text.charCodeAt(10) === 32 && text.endsWith('+00') && text.charCodeAt(0) !== 48)) return parseAny(text);
  const fraction = text.length - 23;
  const milliseconds = fraction > 0 ? Math.trunc((digits(text, 20, 20 + fraction) * 1_000) / 10 ** fraction) : 0;
  return new Date(Date.UTC(digits(text, 0, 4), digits(text, 5, 7) - 1, digits(text, 8, 10), digits(text, 11, 13), digits(text, 14, 16), digits(text, 17, 19), milliseconds));
}

/** What `pg` reads values by. */
export const instantsAsDates: CustomTypesConfig = {
  getTypeParser: (oid: number, format?: 'text' | 'binary') => (oid === TIMESTAMPTZ && format !== 'binary' ? dateOf : types.getTypeParser(oid, format)),
};
