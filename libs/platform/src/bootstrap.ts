import { type Type } from '@nestjs/common';
import { ModulesContainer, NestFactory } from '@nestjs/core';
import { type CustomTransportStrategy, type MicroserviceOptions } from '@nestjs/microservices';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { Clock, DomainError, MovableClock } from '@slotmesh/kernel';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Logger as PinoLogger } from 'nestjs-pino';
import { answerBrokenRequest } from './broken-request';
import { adoptClockOffset } from './clock-source';
import { ConfigError } from './config';
import { Readiness } from './health';
import { Idleness } from './idle';
import { httpServerRequests } from './metrics';
import { publishOpenApi } from './openapi';
import { addHealth, createOpsServer } from './ops-server';
import { speakInPlainWords } from './plain-words';
import { SERVICE, type ServiceIdentity } from './platform.module';
import { ERROR_FORM, type ErrorForm, ProblemFilter } from './problem.filter';
import { RefuseStrayQuery } from './stray-query';
import { continueTrace } from './trace';

/** Under this token messaging offers the transport that brings events; bootstrap connects it where it exists. */
export const EVENT_STRATEGY = Symbol('EVENT_STRATEGY');

/** Of a request. */
export const MOST_BODY_BYTES = 1_048_576;
/** Of a file (text/csv) where a route takes one. */
export const MOST_FILE_BYTES = 4 * MOST_BODY_BYTES;

export interface BootstrapOptions {
  /** Called before listening, for instance to mount a proxy or a foreign router. */
  readonly prepare?: (app: NestFastifyApplication) => Promise<void> | void;
  /** The application answers /health itself; the gateway does, for the whole network. */
  readonly ownHealth?: boolean;
}

/** Builds the HTTP application as it runs in production, without listening; tests use it too. */
export async function createApplication(module: Type<unknown> | object, options: BootstrapOptions = {}): Promise<NestFastifyApplication> {
  speakInPlainWords();
  const unreadable = new DomainError('invalid', 'address-invalid', 'This address cannot be read: a part of it is too long or badly encoded. Check it, and send the request again.');
  const adapter = new FastifyAdapter({
    trustProxy: true, bodyLimit: MOST_BODY_BYTES, forceCloseConnections: true, routerOptions: { maxParamLength: 500 }, clientErrorHandler: answerBrokenRequest,
    // Why: Fastify's own answer is no problem document and repeats the address, which may be a patient's key.
    frameworkErrors: (_error: unknown, request: FastifyRequest, reply: FastifyReply) => filter.tell(unreadable, request, reply),
  });
  const app = await NestFactory.create<NestFastifyApplication>(module as Type<unknown>, adapter, { bufferLogs: true, abortOnError: false });
  app.useLogger(app.get(PinoLogger));
  const filter = new ProblemFilter(optional<ErrorForm>(app, ERROR_FORM));
  app.useGlobalFilters(filter);
  app.useGlobalInterceptors(new RefuseStrayQuery());
  const fastify = adapter.getInstance();
  fastify.addHook('onRequest', (request, _reply, done) => {
    const header = request.headers['traceparent'];
    continueTrace(typeof header === 'string' ? header : null, done);
  });
  fastify.addHook('onResponse', (request, reply, done) => {
    httpServerRequests.observe({ method: request.method, route: request.routeOptions.url ?? 'unmatched', status: String(reply.statusCode) }, reply.elapsedTime / 1000);
    done();
  });
  // Why also here: the gateway knows a service by its address, not by its operations port. It routes nothing to /health.
  if (!options.ownHealth) addHealth(fastify, app.get(Readiness), () => true);
  await options.prepare?.(app);
  publishOpenApi(app, app.get<ServiceIdentity>(SERVICE).name);
  return app;
}

/** Starts a service: clock, HTTP, events, ops port; ends in order on SIGTERM or SIGINT. A wrong configuration ends the process with one clear message. */
export async function bootstrapService(load: () => Type<unknown> | object, options: BootstrapOptions = {}): Promise<void> {
  try {
    const app = await createApplication(load(), options);
    await runApplication(app);
  } catch (error) {
    process.stderr.write(`${error instanceof ConfigError ? error.message : error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
    process.exit(1);
  }
}

export async function runApplication(app: NestFastifyApplication): Promise<void> {
  const { config } = app.get<ServiceIdentity>(SERVICE);
  const clock = app.get(Clock);
  let started = false;
  const abort = new AbortController();
  const ops = createOpsServer({ clock, readiness: app.get(Readiness), idleness: app.get(Idleness), started: () => started });
  await ops.listen({ host: config.HOST, port: config.OPS_PORT });

  let ending = false;
  const end = (signal: string) => {
    if (ending) return;
    ending = true;
    abort.abort();
    // Why: a part that hangs must not keep the process; the supervisor counts on an end within seconds.
    setTimeout(() => process.exit(1), 15_000).unref();
    void app.close().then(() => ops.close()).then(() => process.exit(0), (error: unknown) => {
      process.stderr.write(`ending after ${signal} failed: ${String(error)}\n`);
      process.exit(1);
    });
  };
  process.on('SIGTERM', () => end('SIGTERM'));
  process.on('SIGINT', () => end('SIGINT'));

  if (clock instanceof MovableClock && config.CLOCK_URL) await adoptClockOffset(clock, config.CLOCK_URL, abort.signal);
  const strategy = optional<CustomTransportStrategy>(app, EVENT_STRATEGY);
  if (strategy) {
    app.connectMicroservice<MicroserviceOptions>({ strategy }, { inheritAppConfig: false });
    await app.startAllMicroservices();
  }
  await app.listen({ host: config.HOST, port: config.PORT });
  started = true;
}

/** Why not get and catch: Nest writes an error into the log before it throws. */
function optional<T>(app: NestFastifyApplication, token: symbol): T | null {
  const offered = [...app.get(ModulesContainer).values()].some((module) => module.providers.has(token));
  return offered ? app.get<T>(token, { strict: false }) : null;
}
