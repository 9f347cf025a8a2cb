import { Controller, Get, HttpCode, Inject, Post } from '@nestjs/common';
import { Clock, MovableClock, formatInstant, parseInstant } from '@slotmesh/kernel';
import { ZodBody, ZodParam, ZodQuery } from '@slotmesh/platform';
import { PublicRoute } from '@slotmesh/security';
import { Duration } from 'luxon';
import { z } from 'zod';
import { LOCAL_STAND_IN } from '../local-stand-in';
import { AdvanceClock } from './advance-clock';
import type { ClockJob } from './clock.repository';

const duration = z.string().transform((text, context) => {
  const read = Duration.fromISO(text);
  if (read.isValid && read.toMillis() > 0) return read;
  context.addIssue({ code: 'custom', message: 'is not a positive ISO 8601 duration such as P3D or PT1H' });
  return z.NEVER;
});
const advance = z.union([z.strictObject({ by: duration }), z.strictObject({ to: z.iso.datetime({ offset: true }) })], { error: 'say either "by" (a positive ISO 8601 duration such as P3D or PT1H) or "to" (an instant such as 2026-11-23T18:00:00Z)' });
const options = z.object({ wait: z.enum(['true', 'false']).default('false') });

/** The domain clock of the whole stack: real time plus an offset that only grows. */
@Controller('sandbox')
@PublicRoute(LOCAL_STAND_IN)
export class ClockController {
  constructor(
    private readonly advanceClock: AdvanceClock,
    @Inject(Clock) private readonly clock: MovableClock,
  ) {}

  /** What a service asks before it is ready. */
  @Get('clock')
  read(): { offsetMs: number; now: string } {
    return { offsetMs: this.clock.offset, now: formatInstant(this.clock.now()) };
  }

  /** The walk under way, if any. */
  @Get('api/clock')
  async state(): Promise<{ offsetMs: number; now: string; job: ClockJob | null }> {
    return { ...this.read(), job: await this.advanceClock.running() };
  }

  /** Starts a walk; with `?wait=true` answers when it has ended. 409 while one is under way, 422 for a time that has passed. */
  @Post('api/clock/advance')
  @HttpCode(202)
  async advance(@ZodBody(advance) body: z.output<typeof advance>, @ZodQuery(options) query: z.output<typeof options>): Promise<ClockJob> {
    const target = 'by' in body ? this.clock.now() + body.by.toMillis() : parseInstant(body.to);
    const job = await this.advanceClock.execute(target);
    return query.wait === 'true' ? this.advanceClock.finished(job.id) : job;
  }

  /** How far a walk of the clock is. 404: no such walk. */
  @Get('api/clock/jobs/:id')
  job(@ZodParam('id', z.uuid()) id: string): Promise<ClockJob> {
    return this.advanceClock.job(id);
  }
}
