import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { BootstrapOptions } from '@slotmesh/platform';
import type { FastifyInstance } from 'fastify';
import { GATEWAY_CONFIG, type GatewayConfig } from './config';
import { serveConsole } from './console-files/console-files';
import { Proxy } from './routing/proxy';
import { addSecurityHeaders } from './routing/security-headers';

/** What the gateway mounts beside its controllers: proxy, files, headers. */
export const gatewayOptions: BootstrapOptions = {
  ownHealth: true,
  prepare: (app: NestFastifyApplication) => {
    const fastify: FastifyInstance = app.getHttpAdapter().getInstance();
    const config = app.get<GatewayConfig>(GATEWAY_CONFIG);
    addSecurityHeaders(fastify, config.PUBLIC_URL);
    app.get(Proxy).mount(fastify);
    serveConsole(fastify, config.CONSOLE_DIR);
  },
};
