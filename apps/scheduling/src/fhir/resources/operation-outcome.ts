import type { ErrorKind } from '@slotmesh/kernel';
import { z } from 'zod';
import { type CodeableConcept, coded, systems } from './r4';

/** https://hl7.org/fhir/R4/valueset-issue-type.html, as far as it is used. */
export type IssueType = 'invalid' | 'login' | 'expired' | 'forbidden' | 'not-found' | 'conflict' | 'deleted' | 'business-rule' | 'throttled' | 'transient' | 'exception' | 'not-supported' | 'too-long' | 'informational';
export type Severity = 'fatal' | 'error' | 'warning' | 'information';

export interface Issue {
  readonly severity: Severity;
  readonly code: IssueType;
  readonly details?: CodeableConcept;
  readonly diagnostics: string;
  /** `http.` and the name of a parameter of the URL or of a form. */
  readonly location?: readonly [string];
  /** Where in the body that was sent. */
  readonly expression?: readonly [string];
}
export interface OperationOutcome {
  readonly resourceType: 'OperationOutcome';
  readonly issue: readonly [Issue, ...Issue[]];
}

/** A refusal as the rest of the service knows it (RFC 9457), where something is refused or failed. */
export interface Refused {
  readonly status: number;
  readonly code: string;
  readonly detail: string;
  readonly errors?: readonly { readonly pointer: string; readonly detail: string }[] | undefined;
  readonly [more: string]: unknown;
}

/** Every kind of refusal has its issue type; the HTTP status stays what it is everywhere. */
const typeOfKind: Readonly<Record<ErrorKind, IssueType>> = {
  invalid: 'invalid', unauthenticated: 'login', forbidden: 'forbidden', 'not-found': 'not-found', conflict: 'conflict', gone: 'deleted', precondition: 'conflict', unprocessable: 'business-rule', 'too-many': 'throttled', unavailable: 'transient',
};
/** Where R4 has a narrower word for one of our codes. */
const typeOfCode: Readonly<Record<string, IssueType>> = { 'token-expired': 'expired', 'link-or-phone-only': 'not-supported', 'http-413': 'too-long', 'http-415': 'not-supported', 'http-405': 'not-supported' };

const alternatives = z.array(z.object({ id: z.string(), start: z.string(), practice: z.string(), bookable: z.string() }));

export function outcomeOf(problem: Refused, kind: ErrorKind | null, asForm: boolean): OperationOutcome {
  const details = coded(systems.problem, problem.code);
  // Why: ITI-116 wants a time that can no longer be had as fatal and not-found, whatever the status.
  if (problem.code === 'opening-taken' || problem.code === 'session-limit') return { resourceType: 'OperationOutcome', issue: [{ severity: 'fatal', code: 'not-found', details, diagnostics: problem.detail }, ...freeInstead(problem['alternatives'])] };
  const severity: Severity = kind === null || kind === 'not-found' ? 'fatal' : 'error';
  const code = typeOfCode[problem.code] ?? (kind === null ? 'exception' : typeOfKind[kind]);
  const [first, ...more] = (problem.errors ?? []).map((error): Issue => ({ severity, code, details, diagnostics: `${nameOf(error.pointer)} ${error.detail}`, ...placeOf(error.pointer, asForm) }));
  return { resourceType: 'OperationOutcome', issue: first ? [first, ...more] : [{ severity, code, details, diagnostics: problem.detail }] };
}

/** What a client should know beside what it asked for. */
export const note = (severity: 'information' | 'warning', code: 'informational' | 'not-supported', diagnostics: string): Issue => ({ severity, code, diagnostics });

function freeInstead(openings: unknown): Issue[] {
  const read = alternatives.safeParse(openings);
  // What is booked by a link or by phone could not be held here.
  return (read.data ?? []).filter(({ bookable }) => bookable === 'hold').map(({ id, start, practice }) => ({ severity: 'information', code: 'informational', details: coded(systems.opening, id), diagnostics: `Free instead: ${start} at ${practice}, Appointment/${id}.` }));
}

const nameOf = (pointer: string): string => pointer.slice(1) || 'the request';

function placeOf(pointer: string, asForm: boolean): Pick<Issue, 'location' | 'expression'> {
  const [first, ...rest] = pointer.slice(1).split('/');
  if (!first) return {};
  return asForm ? { location: [`http.${first}`] } : { expression: [[first, ...rest].reduce((path, part) => (/^\d+$/.test(part) ? `${path}[${part}]` : `${path}.${part}`))] };
}
