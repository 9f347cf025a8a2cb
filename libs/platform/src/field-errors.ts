import type { ZodError, core } from 'zod';

/** RFC 6901 pointer to the field, and what to do about it. */
export interface FieldError {
  readonly pointer: string;
  readonly detail: string;
}

/** Every field that a schema refused, each with a sentence of its own. */
export const fieldErrorsOf = (error: ZodError): FieldError[] => error.issues.flatMap((issue) => errorsOf(issue, []));

/** All of them as one sentence. */
export const sentenceOf = (errors: readonly FieldError[]): string => `Please correct: ${errors.map(({ pointer, detail }) => `${pointer.slice(1) || 'the request'} ${detail}`).join('; ')}`;

function errorsOf(issue: core.$ZodIssue, above: readonly PropertyKey[]): FieldError[] {
  const path = [...above, ...issue.path];
  if (issue.code === 'unrecognized_keys') {
    const said = issue.message.split('\n');
    // What the schema does not know is named where it stands, so that a misspelt field can be found.
    return issue.keys.map((key, index) => ({ pointer: pointerTo([...path, key]), detail: said.length === issue.keys.length ? said[index]! : 'is not known here' }));
  }
  if ((issue.code === 'invalid_key' || issue.code === 'invalid_element') && issue.issues.length > 0) return issue.issues.flatMap((inner) => errorsOf(inner, path));
  if (issue.code === 'invalid_union' && issue.errors.length > 0) return ofUnion(issue, path);
  return [{ pointer: pointerTo(path), detail: issue.message }];
}

/** Of several forms the one that was nearly met; where the value is of none of their kinds, what each of them wants. */
function ofUnion({ errors, message }: core.$ZodIssueInvalidUnion, path: readonly PropertyKey[]): FieldError[] {
  const [nearest] = errors.filter((issues) => issues.every((issue) => issue.path.length > 0 || issue.code === 'unrecognized_keys' || issue.code === 'custom')).sort((a, b) => a.length - b.length);
  if (nearest) return nearest.flatMap((issue) => errorsOf(issue, path));
  const wanted = [...new Set(errors.flatMap(([first]) => (first ? [first.message] : [])))];
  return [{ pointer: pointerTo(path), detail: wanted.length === 0 ? message : wanted.map((one, index) => (index === 0 ? one : one.replace(/^must be /, ''))).join(', or ') }];
}

const pointerTo = (path: readonly PropertyKey[]): string => `/${path.map(String).join('/')}`;
