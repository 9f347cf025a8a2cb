import { Controller, Get, Headers, Put, Res } from '@nestjs/common';
import { ZodBody, etagOf, versionOf } from '@slotmesh/platform';
import { type Caller, CurrentCaller, Permits } from '@slotmesh/security';
import type { FastifyReply } from 'fastify';
import { z } from 'zod';
import { SwitchScoring } from './commands/switch-scoring';
import { ShowNoShowModel } from './queries/show-no-show-model';

const switchBody = z.object({ wanted: z.boolean(), reason: z.string().trim().min(1).max(500) });

@Controller('api/capacity/v1/no-show-model')
export class NoShowsController {
  constructor(private readonly show: ShowNoShowModel, private readonly switches: SwitchScoring) {}

  /**
   * The model card of the practice's no-show score of this month, or why there is none. What it may be used for, inputs, slices by time, AUC and Brier score on later visits booked a day or more ahead, calibration, rates of coarse bands (for checking only), and
   * whether recent visits have drifted (looked at each week, `watchedAt`), and since when an alarm stands that nobody has looked at (`alarmedAt`); else `refusal`, with the reason. `switch`: what the practice wants, with its version as ETag; `scoring`: whether the score orders outreach, and `why` not. No score of a visit is shown.
   * 422 `model-of-no-practice`.
   */
  @Get()
  @Permits('measures:read')
  card(@CurrentCaller() caller: Caller, @Res({ passthrough: true }) reply: FastifyReply) {
    return this.shown(caller, reply);
  }

  /** Switches the score on or off for the own practice, with a reason that names nobody; off is where it begins. On orders outreach only while the model is useful and no alarm stands; each setting of the switch, also to what it was, says that somebody has looked and ends an alarm until the next look. Audited. Answers with the model. If-Match: 412 where somebody else was first. 422 `model-of-no-practice`. */
  @Put('switch')
  @Permits('plans:write')
  async change(@CurrentCaller() caller: Caller, @ZodBody(switchBody) body: z.output<typeof switchBody>, @Headers('if-match') ifMatch: string | undefined, @Res({ passthrough: true }) reply: FastifyReply) {
    await this.switches.execute(caller.actor, body, versionOf(ifMatch));
    return this.shown(caller, reply);
  }

  private async shown({ actor }: Caller, reply: FastifyReply) {
    const shown = await this.show.execute(actor);
    void reply.header('etag', etagOf(shown.switch.version));
    return shown;
  }
}
