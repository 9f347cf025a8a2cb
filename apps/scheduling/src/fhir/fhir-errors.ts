import type { ErrorKind } from '@slotmesh/kernel';
import { type ErrorForm, type Problem, statusOfKind } from '@slotmesh/platform';
import { type OperationOutcome, outcomeOf } from './resources/operation-outcome';

export const FHIR_JSON = 'application/fhir+json; charset=utf-8';

/** Below /fhir every refusal is an OperationOutcome, also one that no route of ours made: an unknown path, a body that is no JSON. */
export const fhirErrors: ErrorForm = { prefix: '/fhir', contentType: FHIR_JSON, bodyOf: (problem, { method, path }) => outcomeOfProblem(problem, method === 'GET' || /\/_search(\?|$)/.test(path)) };

export const outcomeOfProblem = (problem: Problem, asForm = false): OperationOutcome => outcomeOf(problem, kindOf(problem.status), asForm);

const kinds = new Map((Object.entries(statusOfKind) as [ErrorKind, number][]).map(([kind, status]) => [status, kind]));
const kindOf = (status: number): ErrorKind | null => kinds.get(status) ?? (status < 500 ? 'invalid' : null);
