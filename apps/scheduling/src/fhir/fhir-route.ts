import { METHOD_METADATA, PATH_METADATA } from '@nestjs/common/constants';
import { type CallHandler, Controller, type ExecutionContext, Injectable, type NestInterceptor, RequestMethod, SetMetadata, UseInterceptors, applyDecorators } from '@nestjs/common';
import { ApiExtension, ApiResponse } from '@nestjs/swagger';
import { SMART_SCOPE, type SmartScope, scopeText } from '@slotmesh/security';
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

/** An operation's interactions with the type; $book also moves and cancels. */
const ofOperation: Readonly<Record<string, SmartScope['interactions']>> = { $find: 's', $hold: 'c', $book: 'cu' };

function interactionsOf(method: RequestMethod | undefined, path: string): SmartScope['interactions'] {
  const known = ofOperation[path] ?? (path === '_search' || (path === '/' && method === RequestMethod.GET) ? 's' : path !== ':id' ? null : method === RequestMethod.GET ? 'r' : method === RequestMethod.PUT ? 'u' : null);
  if (known === null) throw new Error(`say which scope ${path} needs of a system client`);
  return known;
}

/** Gives every route of a type the scope that SMART has for it, so that none can be forgotten. */
const withScopes = (type: string): ClassDecorator => (target) => {
  const prototype: object = target.prototype;
  for (const [name, descriptor] of Object.entries(Object.getOwnPropertyDescriptors(prototype))) {
    const handler: unknown = descriptor.value;
    const path: unknown = typeof handler === 'function' ? Reflect.getMetadata(PATH_METADATA, handler) : undefined;
    if (typeof handler !== 'function' || typeof path !== 'string' || name === 'constructor') continue;
    const scope: SmartScope = { type, interactions: interactionsOf(Reflect.getMetadata(METHOD_METADATA, handler), path) };
    SetMetadata(SMART_SCOPE, scope)(prototype, name, descriptor);
    ApiExtension('x-smart-scope', scopeText(scope))(prototype, name, descriptor);
  }
};

/** Routes of one FHIR type, or of the whole server where the path is empty. */
export const FhirController = (path: string): ClassDecorator => applyDecorators(
  ...(path === '' ? [] : [withScopes(path)]),
  Controller(`${FHIR_ROOT}${path && `/${path}`}`), UseInterceptors(AsFhir),
  ApiResponse({ status: 'default', description: 'Refused or failed: an OperationOutcome.', content: { 'application/fhir+json': { schema: { type: 'object', properties: { resourceType: { type: 'string', enum: ['OperationOutcome'] } } } } } }));
