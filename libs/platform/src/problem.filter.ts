import { type ArgumentsHost, Catch, type ExceptionFilter, HttpException, Logger } from '@nestjs/common';
import { DomainError, type ErrorKind, InfrastructureError } from '@slotmesh/kernel';
import { isInfrastructureFailure } from '@slotmesh/persistence';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { ZodError } from 'zod';
import { fieldErrorsOf, sentenceOf } from './field-errors';
import { type Problem, problemOf } from './problem';
import { toldPath } from './told-path';

const kindOfStatus: Readonly<Record<number, ErrorKind>> = { 400: 'invalid', 401: 'unauthenticated', 403: 'forbidden', 404: 'not-found', 409: 'conflict', 410: 'gone', 412: 'precondition', 413: 'invalid', 415: 'invalid', 422: 'unprocessable', 429: 'too-many', 503: 'unavailable' };

/** How refusals look below a path whose standard has a document of its own for them. */
export interface ErrorForm {
  readonly prefix: string;
  readonly contentType: string;
  readonly bodyOf: (problem: Problem, request: { readonly method: string; readonly path: string }) => object;
}
/** Under this token a module offers an ErrorForm; bootstrap gives it to the filter. */
export const ERROR_FORM = Symbol('ERROR_FORM');

/** The one place where errors become HTTP answers. */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  private readonly logger = new Logger('http');

  constructor(private readonly form: ErrorForm | null = null) {}

  catch(error: unknown, host: ArgumentsHost): void {
    const http = host.switchToHttp();
    this.tell(error, http.getRequest<FastifyRequest>(), http.getResponse<FastifyReply>());
  }

  /** Also for what never came to a route. */
  tell(error: unknown, request: FastifyRequest, reply: FastifyReply): void {
    const problem = this.toProblem(error);
    // Why only the path pattern: a URL may hold a search by a person's name.
    if (problem.status >= 500) this.logger.error({ route: request.routeOptions?.url, code: problem.code, error: error instanceof Error ? error.stack : 'unknown' });
    if (problem.status === 503) void reply.header('retry-after', '2');
    if (this.form && request.url.startsWith(this.form.prefix)) return void reply.status(problem.status).type(this.form.contentType).send(this.form.bodyOf(problem, { method: request.method, path: request.url }));
    void reply.status(problem.status).type('application/problem+json').send({ ...problem, instance: toldPath(request.url) });
  }

  private toProblem(error: unknown): Problem {
    if (error instanceof DomainError) return problemOf(error.kind, error.code, error.message, error.details);
    const zod = error instanceof ZodError ? error : zodCause(error);
    if (zod) {
      const errors = fieldErrorsOf(zod);
      return problemOf('invalid', 'invalid-request', sentenceOf(errors), { errors });
    }
    if (error instanceof HttpException) {
      const kind = kindOfStatus[error.getStatus()] ?? 'invalid';
      // Why a sentence of our own: the framework's repeats the address, which may be a patient's key, with its query.
      if (kind === 'not-found') return problemOf(kind, 'not-found', 'There is nothing at this address for this method. Check both; /docs shows what there is.');
      return { ...problemOf(kind, `http-${error.getStatus()}`, sentenceFor(error.message)), status: error.getStatus() };
    }
    if (error instanceof InfrastructureError || isInfrastructureFailure(error)) return problemOf('unavailable', 'temporarily-unavailable', 'Something that is needed does not answer at the moment. Nothing was changed. Please try again in a few seconds.');
    const status = typeof error === 'object' && error !== null && 'statusCode' in error && typeof error.statusCode === 'number' ? error.statusCode : 500;
    const kind = kindOfStatus[status];
    if (kind) return { ...problemOf(kind, `http-${status}`, error instanceof Error ? sentenceFor(error.message) : 'The request cannot be read.'), status };
    return { type: 'urn:slotmesh:problem:internal', title: 'Something went wrong on our side', status: 500, detail: 'The request was not carried out. It has been recorded; please try again, and call the operator if it stays.', code: 'internal' };
  }
}

/** Why our own: the framework's say what is wrong and not what to do. */
const unreadable: ReadonlyMap<string, string> = new Map([
  ["Body cannot be empty when content-type is set to 'application/json'", 'The body is empty, but its content type says that it is JSON. Send a JSON object, or leave the content type out.'],
  ["Body is not valid JSON but content-type is set to 'application/json'", 'The body is no valid JSON. Check its quotes, commas and brackets, and send it again.'],
  ['Unsupported Media Type', 'A body of this content type is not taken here. Send application/json, or what /docs shows for this address.'],
  ['Request body is too large', 'The body is larger than this address takes. Send less at a time; /docs says how much.'],
  ['Request body size did not match Content-Length', 'The body is not as long as its content-length header says. Send it again.'],
]);
const sentenceFor = (message: string): string => unreadable.get(message) ?? message;

function zodCause(error: unknown): ZodError | null {
  if (error instanceof HttpException && 'getZodError' in error && typeof error.getZodError === 'function') {
    const cause: unknown = error.getZodError();
    return cause instanceof ZodError ? cause : null;
  }
  return null;
}
