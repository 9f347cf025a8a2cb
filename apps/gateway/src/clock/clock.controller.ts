import { Controller, Get, Header, Inject } from '@nestjs/common';
import { Clock, MovableClock, formatInstant } from '@slotmesh/kernel';
import { PublicRoute } from '@slotmesh/security';
import { GATEWAY_CONFIG, type GatewayConfig } from '../config';

/** Domain time for the console, which must not use the browser's clock. */
@Controller('api/clock')
@PublicRoute('the time is no secret')
export class ClockController {
  constructor(
    private readonly clock: Clock,
    @Inject(GATEWAY_CONFIG) private readonly config: GatewayConfig,
  ) {}

  /** The time by which everything is decided. `offsetMs`: how far the sandbox has moved the clock ahead of the machine's; always 0 in production. */
  @Get()
  @Header('cache-control', 'no-store')
  read(): { now: string; offsetMs: number; sandbox: boolean } {
    return { now: formatInstant(this.clock.now()), offsetMs: this.clock instanceof MovableClock ? this.clock.offset : 0, sandbox: this.config.MODE === 'sandbox' };
  }
}
