import { createHash } from 'node:crypto';
import { Controller, Get, Headers, Res } from '@nestjs/common';
import { localDate, providerId, siteId } from '@slotmesh/contracts';
import { UnitOfWork } from '@slotmesh/persistence';
import { ZodQuery } from '@slotmesh/platform';
import { CurrentStaff, Permits, type StaffCaller } from '@slotmesh/security';
import type { FastifyReply } from 'fastify';
import { z } from 'zod';
import { ReadCalendar } from './queries/read-calendar';

const calendarQuery = z.object({ site: siteId.optional(), provider: providerId.optional(), from: localDate, days: z.coerce.number().int().min(1).max(7).default(1) })
  .refine((asked) => asked.site !== undefined || asked.provider !== undefined, { path: ['site'], message: 'give site, provider or both' });

@Controller('api/scheduling/v1/calendar')
export class CalendarController {
  constructor(private readonly work: UnitOfWork, private readonly readCalendar: ReadCalendar) {}

  /**
   * One to seven days of a site or a provider of the caller's practice, one calendar per provider and site, all seen at one moment. `from` is a date on the wall of each site, and times have its `zone` beside
   * them: a day on which the clock changes has 23 or 25 hours (`minutes`). `hours` are working hours with closures left aside; `entries` have a `kind`: `closure` (with its reason), `hold` (of the own
   * desk, a partner or the wait list, and when it ends) or `visit` (who booked it; the patient's name for those who may read patients, null for others and for who was erased); leave aside kinds that
   * you do not know. `taken` has buffers and other sites in it, `free` is what is left of the hours. With `If-None-Match` the answer is 304 where nothing changed. Audited.
   * 404: not the caller's own site or provider; what partners share is found by /openings. 422 `calendar-too-large`: more than 2,000 visits.
   */
  @Get()
  @Permits('appointments:read')
  async read(@CurrentStaff() caller: StaffCaller, @ZodQuery(calendarQuery) asked: z.output<typeof calendarQuery>, @Headers('if-none-match') known: string | undefined, @Res({ passthrough: true }) reply: FastifyReply) {
    const calendar = await this.work.run(caller.actor, (tx) => this.readCalendar.execute(tx, {
      practice: caller.practice, site: asked.site ?? null, provider: asked.provider ?? null, from: asked.from, days: asked.days, named: caller.permissions.has('patients:read'),
    }));
    const etag = `W/"${createHash('sha256').update(JSON.stringify(calendar)).digest('base64url')}"`;
    void reply.header('etag', etag).header('cache-control', 'private, no-cache');
    if (known?.split(',').some((one) => one.trim() === etag)) {
      void reply.status(304);
      return undefined;
    }
    return calendar;
  }
}
