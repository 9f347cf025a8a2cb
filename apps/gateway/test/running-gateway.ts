import { randomBytes } from 'node:crypto';
import { type AddressInfo, createServer } from 'node:net';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { createApplication } from '@slotmesh/platform';
import { AppModule } from '../src/app.module';
import { readGatewayConfig } from '../src/config';
import { gatewayOptions } from '../src/gateway';

export const CLIENT_SECRET = 'a secret of the tests';
export const sessionKey = randomBytes(32).toString('base64');

export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** The gateway as it runs, on a port of its own. `environment`: SCHEDULING_URL and whatever else shall differ. */
export async function startGateway(port: number, environment: Readonly<Record<string, string>>): Promise<NestFastifyApplication> {
  const publicUrl = `http://localhost:${port}`;
  const config = readGatewayConfig({ MODE: 'sandbox', PUBLIC_URL: publicUrl, PORT: String(port), LOG_LEVEL: 'silent', OIDC_ISSUER: `${publicUrl}/sandbox/oidc`, OIDC_TOKEN_URL: `${environment['SANDBOX_URL'] ?? publicUrl}/sandbox/oidc/token`, CLIENT_SECRET, SESSION_KEY: sessionKey, ...environment });
  const app = await createApplication(AppModule.forRoot(config), gatewayOptions);
  await app.listen({ host: '127.0.0.1', port });
  return app;
}
