import { Controller, Get, Header, Res } from '@nestjs/common';
import { PublicRoute } from '@slotmesh/security';
import type { FastifyReply } from 'fastify';
import { NetworkHealth, type NetworkState } from './network-health';

/** For load balancers, the launcher and the console. */
@Controller('health')
@PublicRoute('tells which parts are up and nothing else')
export class NetworkHealthController {
  constructor(private readonly health: NetworkHealth) {}

  /** 200 while this process runs. */
  @Get('live')
  @Header('cache-control', 'no-store')
  live(): { status: string } {
    return { status: 'ok' };
  }

  /** 200 when every service takes work, 503 with the same document when one does not. */
  @Get('ready')
  @Header('cache-control', 'no-store')
  async ready(@Res({ passthrough: true }) reply: FastifyReply): Promise<NetworkState> {
    const state = await this.health.state();
    void reply.status(state.ready ? 200 : 503);
    return state;
  }
}
