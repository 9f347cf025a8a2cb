import { createServer } from 'node:net';
import { Clock, MovableClock } from '@slotmesh/kernel';
import { Idleness, Readiness, createApplication, createOpsServer } from '@slotmesh/platform';
import { type TestDatabase, freshDatabase } from '@slotmesh/testing';
import { AppModule } from '../src/app.module';
import { type SandboxConfig, loadSandboxConfig } from '../src/config';
import { MailServer } from '../src/mailbox/mail-server';
import { migrations } from '../src/migrations';
import { mountOidc } from '../src/oidc/mount-oidc';

export const ACCOUNT = `AC${'0'.repeat(31)}1`;
export const TOKEN = 'test-auth-token-0123456789';
export const CLIENT_SECRET = 'a-secret-of-the-tests-only';

export const sandboxDatabase = (): Promise<TestDatabase> => freshDatabase('sandbox', migrations);

export interface RunningSandbox {
  readonly url: string;
  readonly opsUrl: string;
  readonly smtpPort: number;
  readonly config: SandboxConfig;
  readonly clock: MovableClock;
  call(method: string, path: string, body?: unknown): Promise<{ status: number; body: Record<string, unknown> }>;
  stop(): Promise<void>;
}

/** The whole sandbox on real ports, in this process. */
export async function startSandbox(database: TestDatabase, change: Record<string, string> = {}): Promise<RunningSandbox> {
  const [port, ops] = [Number(change['PORT'] ?? (await freePort())), await freePort()];
  const opsUrl = `http://127.0.0.1:${ops}`;
  const config = loadSandboxConfig(environment(database, port, ops, change));
  const app = await createApplication(AppModule.forRoot(config), { prepare: mountOidc });
  const clock = app.get(Clock);
  if (!(clock instanceof MovableClock)) throw new Error('the sandbox has a clock that can be moved');
  const opsServer = createOpsServer({ clock, readiness: app.get(Readiness), idleness: app.get(Idleness), started: () => true });
  const stop = async () => {
    await app.close();
    await opsServer.close();
  };
  try {
    await opsServer.listen({ host: '127.0.0.1', port: ops });
    await app.listen({ host: '127.0.0.1', port });
  } catch (error) {
    await stop();
    throw error;
  }
  const url = `http://127.0.0.1:${port}`;
  return {
    url, opsUrl, config, clock, stop, smtpPort: app.get(MailServer).port,
    async call(method, path, body) {
      const response = await fetch(url + path, { method, ...(body !== undefined && { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }) });
      const text = await response.text();
      return { status: response.status, body: text === '' ? {} : JSON.parse(text) };
    },
  };
}

export function environment(database: TestDatabase, port: number, ops: number, change: Record<string, string>): Record<string, string> {
  return {
    MODE: 'sandbox', PUBLIC_URL: `http://127.0.0.1:${port}`, HOST: '127.0.0.1', PORT: String(port), OPS_PORT: String(ops), LOG_LEVEL: 'silent',
    DATABASE_APP_URL: database.appUrl, DATABASE_WORKER_URL: database.workerUrl, DATABASE_POOL_SIZE: '8',
    SMTP_PORT: '0', TWILIO_ACCOUNT_SID: ACCOUNT, TWILIO_AUTH_TOKEN: TOKEN,
    SERVICE_CLIENTS: JSON.stringify(Object.fromEntries(['scheduling', 'reminders', 'notifications', 'capacity', 'gateway', 'sandbox'].map((id) => [id, CLIENT_SECRET]))),
    CLOCK_MEMBERS: `http://127.0.0.1:${ops}`, ...change,
  };
}

export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => (typeof address === 'object' && address !== null ? resolve(address.port) : reject(new Error('no port'))));
    });
  });
}
