import { type ErrorKind } from '@slotmesh/kernel';
import { z } from 'zod';

/** RFC 9457 problem details; `code` is stable, `errors` name field and rule of bad input. */
export const problem = z.object({
  type: z.string(), title: z.string(), status: z.int(), detail: z.string(), code: z.string(), instance: z.string().optional(),
  errors: z.array(z.object({ pointer: z.string(), detail: z.string() })).optional(),
}).loose();
export type Problem = z.output<typeof problem>;

export const statusOfKind: Readonly<Record<ErrorKind, number>> = {
  invalid: 400, unauthenticated: 401, forbidden: 403, 'not-found': 404, conflict: 409, gone: 410, precondition: 412, unprocessable: 422, 'too-many': 429, unavailable: 503,
};
const titleOfKind: Readonly<Record<ErrorKind, string>> = {
  invalid: 'The request does not fit the rules', unauthenticated: 'Sign in first', forbidden: 'Not permitted', 'not-found': 'Not found', conflict: 'In conflict with the present state',
  gone: 'No longer there', precondition: 'Changed by somebody else in the meantime', unprocessable: 'Understood, but not possible', 'too-many': 'Too many requests', unavailable: 'Not available now',
};

export function problemOf(kind: ErrorKind, code: string, detail: string, extra: Readonly<Record<string, unknown>> = {}): Problem {
  return { ...extra, type: `urn:slotmesh:problem:${code}`, title: titleOfKind[kind], status: statusOfKind[kind], detail, code };
}
