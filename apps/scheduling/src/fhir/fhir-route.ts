import { type CallHandler, Controller, type ExecutionContext, Injectable, type NestInterceptor, UseInterceptors, applyDecorators } from '@nestjs/common';
import { ApiResponse } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { type Observable, tap } from 'rxjs';
import { z } from 'zod';
import { ReferenceUnknown } from '../practices/reference';
import { FHIR_JSON } from './fhir-errors';
import { paging } from './search/searches';

export const FHIR_ROOT = 'fhir/R4';
/** https://hl7.org/fhir/R4/datatypes.html#id: what looks otherwise was never an id. */
export const fhirId = z.string().regex(/^[A-Za-z0-9.-]{1,64}$/, 'must be a FHIR id: letters, digits, - and ., 64 at most');

/** An id of our kind; any other FHIR id names nothing here. Throws ReferenceUnknown. */
export function idOf<T>(schema: z.ZodType<T>, id: string, noun: string): T {
  const known = schema.safeParse(id);
  if (!known.success) throw new ReferenceUnknown(noun);
  return known.data;
}

const versioned = z.object({ meta: z.object({ versionId: z.string() }) });

/** Parameters that nobody would look at are refused; on Patient/_search they would be a person's data in a log as well. */
const formatOnly = z.strictObject({ _format: paging._format });
const takesNoSearch = ({ method, routeOptions: { url = '' } }: FastifyRequest): boolean => method !== 'GET' || url.endsWith('/:id') || url.endsWith('/metadata');

/** Media type, and the version as ETag (https://hl7.org/fhir/R4/http.html#versioning). */
@Injectable()
class AsFhir implements NestInterceptor {
  intercept(context: ExecutionContext, next: CallHandler<unknown>): Observable<unknown> {
    const request = context.switchToHttp().getRequest<FastifyRequest>();
    if (takesNoSearch(request)) formatOnly.parse(request.query);
    const reply = context.switchToHttp().getResponse<FastifyReply>();
    return next.handle().pipe(tap((resource) => {
      const { data } = versioned.safeParse(resource);
      void reply.type(FHIR_JSON);
      if (data) void reply.header('etag', `W/"${data.meta.versionId}"`);
    }));
  }
}

/** Routes of one FHIR type, or of the whole server where the path is empty. */
export const FhirController = (path: string): ClassDecorator => applyDecorators(
  Controller(`${FHIR_ROOT}${path && `/${path}`}`), UseInterceptors(AsFhir),
  ApiResponse({ status: 'default', description: 'Refused or failed: an OperationOutcome.', content: { 'application/fhir+json': { schema: { type: 'object', properties: { resourceType: { type: 'string', enum: ['OperationOutcome'] } } } } } }));
