import { STATUS_CODES } from 'node:http';
import type { INestApplication } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { DocumentBuilder, type OpenAPIObject, SwaggerModule } from '@nestjs/swagger';
import { z } from 'zod';
import { checkedInDocument } from './checked-in-document';
import { problem } from './problem';

type Operation = NonNullable<OpenAPIObject['paths'][string]['get']> & { 'x-permission'?: string; 'x-public'?: string };
const methods = ['get', 'post', 'put', 'patch', 'delete'] as const;

const aboutAll = "Lists answer {items, nextCursor}. Times are RFC 3339 with the site's zone beside them. Refusals are RFC 9457 problems with a stable code.";

/**
 * The OpenAPI 3.1 document of a service, made from its routes: what they take, the permission that they demand and the problem (RFC 9457) that every one
 * may answer. It needs no running application: one made with `preview` does.
 */
export function openApiOf(app: INestApplication, service: string): OpenAPIObject {
  const settings = new DocumentBuilder().setOpenAPIVersion('3.1.0').setTitle(`Slotmesh ${service}`).setDescription(aboutAll).setVersion('1').addServer('/').addBearerAuth().build();
  const document = SwaggerModule.createDocument(app, settings, { operationIdFactory: (controller, method) => `${controller.replace(/Controller$/, '')}.${method}` });
  const { $schema: _, ...problemSchema } = z.toJSONSchema(problem, { target: 'draft-2020-12' });
  document.components = { ...document.components, schemas: { Problem: problemSchema as object } };
  for (const item of Object.values(document.paths)) for (const method of methods) if (item[method]) complete(item[method]);
  return document;
}

function complete(operation: Operation): void {
  // Why: as in the guard, a public route is public whatever permission its class states.
  if (operation['x-public'] !== undefined) {
    delete operation['x-permission'];
    operation.security = [];
  }
  // Why: what a route takes is said by its zod schema, in place; a class that reflection finds beside it says nothing.
  for (const parameter of operation.parameters ?? []) {
    if (!('schema' in parameter) || !parameter.schema || !('$ref' in parameter.schema)) continue;
    const { $ref: _, ...own } = parameter.schema;
    parameter.schema = own;
  }
  for (const [status, response] of Object.entries(operation.responses)) if (response && 'description' in response && !response.description) response.description = STATUS_CODES[status] ?? status;
  // A route of another standard says itself how it refuses.
  operation.responses['default'] ??= {
    description: 'Refused or failed: a problem (RFC 9457) whose code is stable.',
    content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
  };
}

/** Serves it at `/api/<service>/v1/openapi.json`: as checked in, with what each route's docstring says; made on first request where none is. */
export function publishOpenApi(app: NestFastifyApplication, service: string): void {
  let document: string | null = null;
  app.getHttpAdapter().getInstance().get(`/api/${service}/v1/openapi.json`, async (_request, reply) => {
    document ??= checkedInDocument(service) ?? JSON.stringify(openApiOf(app, service));
    return reply.type('application/json; charset=utf-8').send(document);
  });
}
