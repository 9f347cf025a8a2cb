import type { ServerResponse } from 'node:http';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { Hit } from '../faults/domain/fault';
import { Faults } from '../faults/faults';
import { MOUNT, OidcProvider } from './oidc-provider';

/** Hands everything below /sandbox/oidc, but the sign-in page, to the provider before Fastify reads the body, which the provider reads itself. */
export function mountOidc(app: NestFastifyApplication): void {
  const [provider, faults] = [app.get(OidcProvider), app.get(Faults)];
  app.getHttpAdapter().getInstance().addHook('onRequest', async (request, reply) => {
    const path = request.raw.url ?? '';
    if (!path.startsWith(`${MOUNT}/`) || path.startsWith(`${MOUNT}/interaction/`)) return;
    reply.hijack();
    try {
      const hit = await faults.strike('oidc', null, ['429', '500-before', '500-after', 'timeout-after', 'slow']);
      if (hit?.kind === '429') return fail(reply.raw, 429, 'slow_down');
      if (hit?.kind === '500-before') return fail(reply.raw, 500, 'server_error');
      if (hit?.kind === 'slow') await new Promise((resolve) => setTimeout(resolve, hit.delayMs));
      spoilAnswer(reply.raw, hit);
      await provider.handle(request.raw, reply.raw);
    } catch {
      if (!reply.raw.headersSent) fail(reply.raw, 503, 'temporarily_unavailable');
    }
  });
}

function fail(response: ServerResponse, status: number, error: string): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify({ error }));
}

function spoilAnswer(response: ServerResponse, hit: Hit | null): void {
  const end = response.end.bind(response);
  if (hit?.kind === 'timeout-after') response.end = () => response.destroy();
  if (hit?.kind !== '500-after') return;
  response.end = () => {
    response.statusCode = 500;
    for (const name of response.getHeaderNames()) response.removeHeader(name);
    return end(JSON.stringify({ error: 'server_error' }));
  };
}
