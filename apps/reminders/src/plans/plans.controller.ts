import { DEFAULT_QUIET_HOURS } from '@slotmesh/kernel';
import { Controller, Delete, Get, Headers, HttpCode, Post, Put, Res } from '@nestjs/common';
import { channel, instantText, language, localTime, visitTypeId, zone } from '@slotmesh/contracts';
import { ZodBody, ZodParam, ZodQuery, etagOf, versionOf } from '@slotmesh/platform';
import { CurrentStaff, Permits, type StaffCaller } from '@slotmesh/security';
import type { FastifyReply } from 'fastify';
import { z } from 'zod';
import { ChangePlan } from './commands/change-plan';
import { MakePlan } from './commands/make-plan';
import { RetirePlan } from './commands/retire-plan';
import { editedPlan } from './domain/edited-plan';
import { planSteps, visitOutcome } from './domain/plan';
import { ListPlans } from './queries/list-plans';
import { PreviewPlan } from './queries/preview-plan';
import { ShowPlan } from './queries/show-plan';

const sample = { start: instantText, zone, bookedAt: instantText.nullable().default(null), quietFrom: localTime.default(DEFAULT_QUIET_HOURS.from), quietUntil: localTime.default(DEFAULT_QUIET_HOURS.until) };
const previewQuery = z.object({ ...sample, bookedAt: instantText.optional(), channels: z.string().default('sms,email').transform((text) => text.split(',')).pipe(z.array(channel)) });
const previewBody = z.object({
  ...sample,
  end: instantText.nullable().default(null),
  channels: z.array(channel).default(['sms', 'email']),
  visitType: visitTypeId.nullable().default(null),
  language: language.default('en'),
  confirmed: z.boolean().default(false),
  risk: z.enum(['normal', 'high']).default('normal'),
  outcome: visitOutcome.nullable().default(null),
  outcomeAt: instantText.nullable().default(null),
  plan: z.uuid().nullable().default(null),
  steps: planSteps.nullable().default(null),
}).refine(({ plan, steps }) => plan === null || steps === null, { error: 'must not come together with steps: preview a stored plan or steps that nobody saved yet', path: ['plan'] });
const planId = z.uuid();

@Controller('api/reminders/v1/plans')
export class PlansController {
  constructor(private readonly list: ListPlans, private readonly show: ShowPlan, private readonly preview: PreviewPlan, private readonly make: MakePlan, private readonly change: ChangePlan, private readonly retire: RetirePlan) {}

  /**
   * The plans that a practice's reminders follow, each in its newest version: its own and the network's. Of those whose `selector` fits a visit the most specific is taken, the first difference deciding: the practice's own
   * before the network's; one for the visit type; one for the language; one with a range of lead times, the narrower first; the older plan.
   */
  @Get()
  @Permits('reminders:read')
  async plans(@CurrentStaff() caller: StaffCaller) {
    return { items: await this.list.execute(caller.actor, caller.practice), nextCursor: null };
  }

  /** When each step would go out for a visit at `start`, booked at `bookedAt` (default: now) by a patient in `zone`, with the reason for every shift. */
  @Get('preview')
  @Permits('reminders:read')
  previewOf(@CurrentStaff() caller: StaffCaller, @ZodQuery(previewQuery) query: z.output<typeof previewQuery>) {
    const { quietFrom, quietUntil, bookedAt, ...rest } = query;
    return this.preview.execute(caller.actor, caller.practice, { ...unsaid, ...rest, bookedAt: bookedAt ?? null, quiet: { from: quietFrom, until: quietUntil } });
  }

  /**
   * The same for a whole sample: visit type, language, whether it is confirmed, the patient's risk to miss it. By a stored plan (`plan`), by `steps` that nobody saved yet, or, with neither, by the plan that would be chosen. With
   * `outcome` also what would follow the visit, where the outcome is recorded at `outcomeAt` (default: its end). Nothing is written. 404: no such plan.
   */
  @Post('preview')
  @HttpCode(200)
  @Permits('reminders:read')
  previewSample(@CurrentStaff() caller: StaffCaller, @ZodBody(previewBody) body: z.output<typeof previewBody>) {
    const { quietFrom, quietUntil, plan, steps, ...rest } = body;
    return this.preview.execute(caller.actor, caller.practice, { ...rest, quiet: { from: quietFrom, until: quietUntil } }, { plan, steps });
  }

  /** One plan with all its versions, newest first, and who made each when. A plan that was retired has a last version that says so. */
  @Get(':id')
  @Permits('reminders:read')
  async plan(@CurrentStaff() caller: StaffCaller, @ZodParam('id', planId) id: string, @Res({ passthrough: true }) reply: FastifyReply) {
    const shown = await this.show.execute(caller.actor, caller.practice, id);
    void reply.header('etag', etagOf(shown.version));
    return shown;
  }

  /** A new plan of one's own practice, followed by visits that are booked or moved from now on. 409 `plan-selector-taken`: another plan is for exactly the same visits. 422 `visit-type-unknown`. Sent twice, it is that 409, which names the first. */
  @Post()
  @HttpCode(201)
  @Permits('reminders:write')
  async makePlan(@CurrentStaff() caller: StaffCaller, @ZodBody(editedPlan) body: z.output<typeof editedPlan>, @Res({ passthrough: true }) reply: FastifyReply) {
    return this.plan(caller, await this.make.execute(caller.actor, caller.practice, body), reply);
  }

  /** The whole plan as it shall be, as a new version. A visit keeps the version by which it was planned until it is planned again (moved, or the patient's zone, language or quiet hours changed). If-Match: 412 where somebody else was first. */
  @Put(':id')
  @Permits('reminders:write')
  async changePlan(@CurrentStaff() caller: StaffCaller, @ZodParam('id', planId) id: string, @ZodBody(editedPlan) body: z.output<typeof editedPlan>, @Headers('if-match') ifMatch: string | undefined, @Res({ passthrough: true }) reply: FastifyReply) {
    await this.change.execute(caller.actor, caller.practice, id, versionOf(ifMatch), body);
    return this.plan(caller, id, reply);
  }

  /** Retires a plan: no further visit is planned by it. Its versions can still be read. If-Match: 412 where somebody changed it. */
  @Delete(':id')
  @HttpCode(204)
  @Permits('reminders:write')
  async retirePlan(@CurrentStaff() caller: StaffCaller, @ZodParam('id', planId) id: string, @Headers('if-match') ifMatch: string | undefined): Promise<void> {
    await this.retire.execute(caller.actor, caller.practice, id, versionOf(ifMatch));
  }
}

const unsaid = { end: null, visitType: null, language: 'en', confirmed: false, risk: 'normal', outcome: null, outcomeAt: null } as const;
