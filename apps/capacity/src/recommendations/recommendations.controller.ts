import { Controller, Get, HttpCode, Post } from '@nestjs/common';
import { ZodBody, ZodParam, ZodQuery } from '@slotmesh/platform';
import { type Caller, CurrentCaller, Permits } from '@slotmesh/security';
import { z } from 'zod';
import { DecideRecommendation } from './commands/decide-recommendation';
import { recommendationState } from './persistence/recommendation.repository';
import { ReadRecommendations } from './queries/read-recommendations';

const listQuery = z.object({ state: recommendationState.default('open') });
const decision = z.strictObject({ decision: z.enum(['taken', 'dismissed']), why: z.string().trim().min(3).max(500) });

@Controller('api/capacity/v1/recommendations')
export class RecommendationsController {
  constructor(private readonly read: ReadRecommendations, private readonly decide: DecideRecommendation) {}

  /**
   * What the practice is advised, best first: care gaps, then waits, then use, and among these what touches more patients. Each with its reason, the measure, the expected value with an interval where one can be said, the cost, and how sure it is (`measured`, `simulated`, `published` elsewhere, `unknown`). `effect` says what it would do beyond the own practice, `plan` names the quota plan by which it would be agreed (`POST /quota-plans/{id}/amendment`).
   * Looked at once a day at 05:00 of the practice's zone, and once a week for the whole partnership (what to share, and which slots to release); of what is open the fifty that come first, else the newest fifty. What is advised, decided and measured is told on `capacity.recommendation.v1`. Of what was taken `afterwards` has the measure in the four weeks before and after the decision; that it followed does not say that it was the cause.
   */
  @Get()
  @Permits('measures:read')
  list(@CurrentCaller() { actor }: Caller, @ZodQuery(listQuery) { state }: z.output<typeof listQuery>) {
    return this.read.execute(actor, state);
  }

  /** Takes or dismisses it, with a reason that stays. Nothing else changes; the same is not advised again for four weeks. 404: not of this practice. 409: decided already, or it no longer holds. */
  @Post(':id/decision')
  @HttpCode(204)
  @Permits('plans:write')
  async judge(@CurrentCaller() { actor }: Caller, @ZodParam('id', z.uuid()) id: string, @ZodBody(decision) body: z.output<typeof decision>): Promise<void> {
    await this.decide.execute(actor, id, body.decision, body.why);
  }
}
