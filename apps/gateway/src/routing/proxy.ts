import type { IncomingHttpHeaders } from 'node:http';
import type { IncomingHttpHeaders as Http2IncomingHttpHeaders } from 'node:http2';
import { fastifyHttpProxy } from '@fastify/http-proxy';
import { Inject, Injectable, Logger } from '@nestjs/common';
import { MOST_BODY_BYTES, MOST_FILE_BYTES, type Problem, currentTraceparent, problemOf } from '@slotmesh/platform';
import type { FastifyInstance, FastifyReply, FastifyRequest, RawServerBase, RequestGenericInterface, RouteGenericInterface } from 'fastify';
import { GATEWAY_CONFIG, type GatewayConfig } from '../config';
import { CurrentSession } from '../sign-in/current-session';
import { SessionCookies } from '../sign-in/session-cookies';
import { forwardedHeaders } from './forwarded-headers';
import { type Route, routeTable } from './route-table';
import { innermostCode, upstreamProblem } from './upstream-problem';

type ProxiedRequest = FastifyRequest<RequestGenericInterface, RawServerBase>;
type ProxiedReply = FastifyReply<RouteGenericInterface, RawServerBase>;

const ANSWER_WITHIN_MS = 60_000;
const CONNECTIONS_PER_ROUTE = 256;
const RETRY_AFTER_MS = 20;
const SAFE = new Set(['GET', 'HEAD']);
/** Why: a kept connection may have been closed by the service just before it was used again. What changes something is never repeated here, and a 503 is the caller's to repeat. */
const isStale = (error: unknown): boolean => innermostCode(error) === 'UND_ERR_SOCKET';

/** Sends requests on to the services: path, query and body byte for byte as they came (webhook signatures are made over them), answers as streams. */
@Injectable()
export class Proxy {
  private readonly logger = new Logger('routing');
  private readonly tokens = new WeakMap<object, string>();

  constructor(
    @Inject(GATEWAY_CONFIG) private readonly config: GatewayConfig,
    private readonly current: CurrentSession,
    private readonly cookies: SessionCookies,
  ) {}

  mount(fastify: FastifyInstance): void {
    for (const route of routeTable(this.config)) fastify.register((scope) => this.mountRoute(scope, route));
  }

  private async mountRoute(scope: FastifyInstance, route: Route): Promise<void> {
    // Why: Nest's parsers would read JSON and forms; here every body stays a stream.
    scope.removeAllContentTypeParsers();
    // Why here already: a service that answers before it has read everything leaves the rest on a connection that others use next.
    if (route.session) scope.addHook('onRequest', (request, reply, done) => (Number(request.headers['content-length'] ?? 0) > mostBytes(request, route) ? tooLarge(reply, route, mostBytes(request, route)) : done()));
    await scope.register(fastifyHttpProxy, {
      prefix: route.prefix,
      rewritePrefix: route.prefix,
      upstream: route.upstream,
      ...(route.session ? { preHandler: (request: FastifyRequest, reply: FastifyReply) => this.addBearer(request, reply) } : {}),
      // Why no body limit in time: server-sent events stay open.
      undici: { connections: route.connections ?? CONNECTIONS_PER_ROUTE, headersTimeout: ANSWER_WITHIN_MS, bodyTimeout: 0 },
      destroyAgent: true,
      disableRequestLogging: true,
      replyOptions: {
        retryDelay: ({ err, req, attempt }) => (attempt === 0 && SAFE.has(req.method) && isStale(err) ? RETRY_AFTER_MS : null),
        rewriteRequestHeaders: (request, headers) => this.headersFor(request, headers),
        onResponse: (_request, reply, response) => {
          void reply.send(response.stream);
          // Why: without it the browser learns that its event stream is open only when the first event comes.
          if (!reply.raw.headersSent && 'flushHeaders' in reply.raw && String(reply.getHeader('content-type') ?? '').startsWith('text/event-stream')) reply.raw.flushHeaders();
        },
        onError: (reply, { error }) => this.tell(reply, route, error),
      },
    });
  }

  /** A request with its own Authorization passes untouched; one that lives on the session cookie gets the session's token, if a page of ours sent it. */
  private async addBearer(request: FastifyRequest, reply: FastifyReply): Promise<void> {
    if (request.headers.authorization !== undefined) return;
    const token = await this.current.accessToken(request, reply);
    if (token !== null) this.tokens.set(request.raw, token);
  }

  private headersFor(request: ProxiedRequest, headers: IncomingHttpHeaders | Http2IncomingHttpHeaders): IncomingHttpHeaders {
    const { cookie, 'x-forwarded-for': before } = request.headers;
    const sent = forwardedHeaders(headers, {
      address: request.raw.socket.remoteAddress,
      before: this.config.BEHIND_PROXY && typeof before === 'string' ? before : null,
      cookie: cookie === undefined ? null : this.cookies.withoutOwn(cookie),
      publicUrl: this.config.PUBLIC_URL,
      traceparent: currentTraceparent(),
    });
    const token = this.tokens.get(request.raw);
    if (token !== undefined) sent.authorization = `Bearer ${token}`;
    return sent;
  }

  private tell(reply: ProxiedReply, route: Route, error: unknown): void {
    const problem = upstreamProblem(route.service, error);
    // Why the prefix only: a path may be a patient's link.
    this.logger.warn({ msg: 'a service did not answer', service: route.service, prefix: route.prefix, code: problem.code });
    refuse(reply.header('retry-after', '2'), route, problem);
  }
}

/** Why the end of the connection: what the caller had still to send is read by nobody. Names the prefix only: a path may be a patient's link. */
function refuse(reply: FastifyReply | ProxiedReply, { prefix }: Route, problem: Problem): void {
  void reply.status(problem.status).header('connection', 'close').type('application/problem+json').send({ ...problem, instance: prefix });
}

const mostBytes = ({ headers }: FastifyRequest, { files = false }: Route): number => (files && headers['content-type']?.startsWith('text/csv') ? MOST_FILE_BYTES : MOST_BODY_BYTES);

function tooLarge(reply: FastifyReply, route: Route, most: number): void {
  refuse(reply, route, { ...problemOf('invalid', 'body-too-large', `A request may have ${most / 1024 / 1024} MiB at the most; nothing was carried out. Send less at one time.`), status: 413, title: 'The request is too large' });
}
