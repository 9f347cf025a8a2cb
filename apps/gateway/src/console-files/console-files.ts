import { existsSync } from 'node:fs';
import { join } from 'node:path';
import fastifyStatic from '@fastify/static';
import { problemOf } from '@slotmesh/platform';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { OWN_PAGE_POLICY } from '../routing/security-headers';

const NAMED_BY_CONTENT = /[\\/]assets[\\/]/;

/** The console's files under /console; a path that is no file is a page of the console and gets its one document. */
export function serveConsole(fastify: FastifyInstance, folder: string): void {
  const document = join(folder, 'index.html');
  fastify.register(
    async (scope) => {
      scope.addHook('onRequest', (_request, reply, done) => {
        void reply.header('content-security-policy', OWN_PAGE_POLICY);
        done();
      });
      scope.setNotFoundHandler((request, reply) => fallBack(request, reply, document));
      await scope.register(fastifyStatic, {
        root: folder,
        prefix: '/',
        redirect: true,
        cacheControl: false,
        suppressWarning: true,
        setHeaders: (response, path) => {
          // Why: files in assets/ bear their hash in the name and never change; the document names them and must be asked for each time.
          void response.header('cache-control', NAMED_BY_CONTENT.test(path) ? 'public, max-age=31536000, immutable' : 'no-cache');
        },
      });
    },
    { prefix: '/console' },
  );
  // Why: browsers ask for it on every page that names no icon, the sign-in page for one.
  fastify.get('/favicon.ico', (_request, reply) => void reply.redirect('/console/icon.svg', 302));
  fastify.get('/', (_request, reply) => void reply.redirect('/console/', 302));
}

async function fallBack(request: FastifyRequest, reply: FastifyReply, document: string): Promise<unknown> {
  const problem = (status: number, code: string, detail: string) => reply.status(status).type('application/problem+json').send({ ...problemOf(status === 404 ? 'not-found' : 'unavailable', code, detail), instance: '/console' });
  if (request.url.startsWith('/console/assets/') || (request.method !== 'GET' && request.method !== 'HEAD')) return problem(404, 'not-found', 'There is no such file of the console. Reload the page: it may have been renewed.');
  if (!existsSync(document)) return problem(503, 'console-not-built', 'The console has not been built yet. Build it with: npx nx build console');
  return reply.status(200).sendFile('index.html');
}
