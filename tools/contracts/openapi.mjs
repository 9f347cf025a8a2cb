import { createRequire } from 'node:module';
import { environmentOf } from '../launcher/environment.mjs';
import { stackPorts } from '../launcher/ports.mjs';
import { completed } from '../launcher/secrets.mjs';
import { loadTypeScript } from '../typescript/load.mjs';
import { describeOperations } from './describe-operations.mjs';
import { routesIn } from './routes.mjs';

const require = createRequire(import.meta.url);
/** The services with a contract for outside clients; the sandbox has none. */
export const documentedServices = ['scheduling', 'reminders', 'notifications', 'capacity', 'gateway'];

/** The OpenAPI document of a service. Nothing runs for it: in Nest's preview no provider is made, so that it needs no database and no broker.
 * @param {string} service @param {string} root */
export async function openApiDocument(service, root) {
  const { FastifyAdapter } = require('@nestjs/platform-fastify');
  const { NestFactory } = require('@nestjs/core');
  const { loadConfig, openApiOf } = loadTypeScript('libs/platform/src/index.ts');
  const { AppModule } = loadTypeScript(`apps/${service}/src/app.module.ts`);
  const config = loadConfig(loadTypeScript(`apps/${service}/src/config.ts`)[`${service}Config`], environmentOf(service, nowhere));
  const app = await NestFactory.create(AppModule.forRoot(config), new FastifyAdapter(), { preview: true, logger: false, abortOnError: false });
  return describeOperations(openApiOf(app, service), routesIn(root, [`apps/${service}/src`, 'libs']));
}

/** A configuration has to be complete, but nobody is asked at these addresses. */
const nowhere = { mode: 'sandbox', ports: stackPorts(), secrets: completed(), databaseUrl: 'postgres://nobody@127.0.0.1:1/nothing', kafkaBrokers: '127.0.0.1:1' };
