import type { INestApplication } from '@nestjs/common';
import { DocumentBuilder, type OpenAPIObject, SwaggerModule } from '@nestjs/swagger';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';

/** The OpenAPI document of a service, made from its routes. */
export function openApiOf(app: INestApplication, service: string): OpenAPIObject {
  const settings = new DocumentBuilder().setOpenAPIVersion('3.1.0').setTitle(`Slotmesh ${service}`).setVersion('1').addBearerAuth().build();
  return SwaggerModule.createDocument(app, settings, { operationIdFactory: (controller, method) => `${controller.replace(/Controller$/, '')}.${method}` });
}

/** Serves it at `/api/<service>/v1/openapi.json`; made on first request. */
export function publishOpenApi(app: NestFastifyApplication, service: string): void {
  let document: OpenAPIObject | null = null;
  app.getHttpAdapter().getInstance().get(`/api/${service}/v1/openapi.json`, async () => (document ??= openApiOf(app, service)));
}
