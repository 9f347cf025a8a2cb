import { Controller, HttpCode, Post } from '@nestjs/common';
import { ZodBody } from '@slotmesh/platform';
import { type Caller, CurrentCaller, Permits } from '@slotmesh/security';
import { type SessionRequest, sessionRequest } from './overbooking.schema';
import { AdviseOverbooking } from './queries/advise-overbooking';

@Controller('api/capacity/v1/overbooking-advice')
export class OverbookingController {
  constructor(private readonly advise: AdviseOverbooking) {}

  /**
   * Whether to book more visits than slots into a session, and into which slots. By the exact recursion for visits of one slot: expected patients seen, minutes of wait, overtime and idle time. `none` where it loses, which is usual
   * where 5 to 10 % are missed. The rate is given or the practice's own of 365 days, with its 95 % interval; a session names no patient. Changes nothing. Throws `too-few-visits-for-rate`, `rate-needed`. 429: five long sessions of your practice wait. 503: not computed within 20 seconds.
   */
  @Post()
  @HttpCode(200)
  @Permits('measures:read')
  advice(@CurrentCaller() caller: Caller, @ZodBody(sessionRequest) body: SessionRequest) {
    return this.advise.execute(caller.actor, body);
  }
}
