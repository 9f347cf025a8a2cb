import { createHash } from 'node:crypto';
import { type IncomingHttpHeaders, type IncomingMessage, type ServerResponse, createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Seen {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
  readonly sha256: string;
}
export interface StandInService {
  readonly url: string;
  readonly seen: Seen[];
  stop(): Promise<void>;
}
export type Special = (request: IncomingMessage, response: ServerResponse) => boolean;

/** A service behind the gateway: a real HTTP server that keeps what reached it, byte for byte. `special` answers first where it returns true. */
export async function startService(special: Special = () => false): Promise<StandInService> {
  const seen: Seen[] = [];
  const server = createServer((request, response) => {
    if (special(request, response)) return;
    if (request.url === '/health/ready') return void response.setHeader('content-type', 'application/json').end('{"ready":true,"checks":{}}');
    const hash = createHash('sha256');
    request.on('data', (chunk: Buffer) => hash.update(chunk));
    request.on('end', () => {
      seen.push({ method: request.method ?? '', url: request.url ?? '', headers: request.headers, sha256: hash.digest('hex') });
      response.setHeader('content-type', 'application/json').end(JSON.stringify({ authorization: request.headers.authorization ?? null }));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    seen,
    stop: () => new Promise((resolve) => { server.close(() => resolve()); server.closeAllConnections(); }),
  };
}
