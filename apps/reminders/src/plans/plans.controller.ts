import { DEFAULT_QUIET_HOURS } from '@slotmesh/kernel';
import { Controller, Get } from '@nestjs/common';
import { channel, instantText, localTime, zone } from '@slotmesh/contracts';
import { ZodQuery } from '@slotmesh/platform';
import { CurrentStaff, Permits, type StaffCaller } from '@slotmesh/security';
import { z } from 'zod';
import { ListPlans } from './queries/list-plans';
import { PreviewPlan } from './queries/preview-plan';

const previewQuery = z.object({
  start: instantText,
  zone,
  bookedAt: instantText.optional(),
  quietFrom: localTime.default(DEFAULT_QUIET_HOURS.from),
  quietUntil: localTime.default(DEFAULT_QUIET_HOURS.until),
  channels: z.string().default('sms,email').transform((text) => text.split(',')).pipe(z.array(channel)),
});

@Controller('api/reminders/v1/plans')
export class PlansController {
  constructor(private readonly list: ListPlans, private readonly preview: PreviewPlan) {}

  /** The plans that a practice's reminders follow: its own versions and the network's. */
  @Get()
  @Permits('reminders:read')
  async plans(@CurrentStaff() caller: StaffCaller) {
    return { items: await this.list.execute(caller.actor, caller.practice), nextCursor: null };
  }

  /** When each step would go out for a visit at `start`, booked at `bookedAt` (default: now) by a patient in `zone`, with the reason for every shift. */
  @Get('preview')
  @Permits('reminders:read')
  previewOf(@CurrentStaff() caller: StaffCaller, @ZodQuery(previewQuery) query: z.output<typeof previewQuery>) {
    const { quietFrom, quietUntil, bookedAt, ...sample } = query;
    return this.preview.execute(caller.actor, caller.practice, { ...sample, bookedAt: bookedAt ?? null, quiet: { from: quietFrom, until: quietUntil } });
  }
}
