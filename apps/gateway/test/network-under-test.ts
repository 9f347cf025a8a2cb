import { EventEmitter } from 'node:events';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { startLocalProvider } from './local-provider';
import { CLIENT_SECRET, freePort, startGateway } from './running-gateway';
import { type StandInService, startService } from './stand-in-service';

/** A gateway with services behind it: real HTTP servers, a real OpenID provider, and reminders, which is down. */
export interface NetworkUnderTest {
  readonly origin: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly scheduling: StandInService;
  readonly notifications: StandInService;
  /** `event`: scheduling's event stream sends one; `closed`: the reader of the stream has left. */
  readonly stream: EventEmitter;
  /** How many requests to `/api/scheduling/v1/breaks-off` still end without an answer. */
  readonly faults: { breaksOff: number };
  restartGateway(): Promise<void>;
  stop(): Promise<void>;
}

export async function startNetwork(): Promise<NetworkUnderTest> {
  const port = await freePort();
  const origin = `http://localhost:${port}`;
  const stream = new EventEmitter();
  const faults = { breaksOff: 0 };
  const notifications = await startService();
  const scheduling = await startService((request, response) => {
    if (request.url === '/api/scheduling/v1/breaks-off' && faults.breaksOff > 0) {
      faults.breaksOff--;
      request.socket.destroy();
      return true;
    }
    if (request.url?.startsWith('/api/scheduling/v1/subjects/')) {
      response.setHeader('content-type', 'application/json').end(JSON.stringify({ subject: 'frontdesk@harbor.example', practice: 'harbor', roles: ['front-desk'] }));
      return true;
    }
    if (request.url !== '/api/scheduling/v1/events') return false;
    response.writeHead(200, { 'content-type': 'text/event-stream' }).flushHeaders();
    stream.once('event', () => response.write('data: one\n\n'));
    response.on('close', () => stream.emit('closed'));
    return true;
  });
  const sandbox = await startLocalProvider(origin, CLIENT_SECRET);
  const environment = { SCHEDULING_URL: scheduling.url, REMINDERS_URL: `http://127.0.0.1:${await freePort()}`, NOTIFICATIONS_URL: notifications.url, CAPACITY_URL: scheduling.url, SANDBOX_URL: sandbox.url };
  let gateway: NestFastifyApplication = await startGateway(port, environment);
  return {
    origin, environment, scheduling, notifications, stream, faults,
    async restartGateway() {
      await gateway.close();
      gateway = await startGateway(port, environment);
    },
    async stop() {
      await gateway.close();
      await Promise.all([scheduling, notifications, sandbox].map((service) => service.stop()));
    },
  };
}
