import { Get, Req } from '@nestjs/common';
import { Clock } from '@slotmesh/kernel';
import { UnitOfWork } from '@slotmesh/persistence';
import { ZodParam, ZodQuery } from '@slotmesh/platform';
import { CurrentStaff, Permits, type StaffCaller } from '@slotmesh/security';
import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import { OfferingRepository } from '../openings/persistence/offering.repository';
import { ReferenceUnknown } from '../practices/reference';
import { offerShown } from '../practices/shown-names';
import { FhirPages } from './fhir-pages';
import { FhirController, fhirId } from './fhir-route';
import { zoneOf } from './queries/free-openings';
import type { Searchset } from './resources/bundle';
import { type Schedule, parseScheduleId, scheduleOf } from './resources/schedule';
import { cursorOf, keyOf } from './search/cursor';
import { schedulesAsked, isBookableIn } from './search/schedules-asked';
import { searches } from './search/searches';
import { rangeOf } from './search/values';

@FhirController('Schedule')
export class FhirScheduleController {
  constructor(private readonly work: UnitOfWork, private readonly offerings: OfferingRepository, private readonly pages: FhirPages, private readonly clock: Clock) {}

  /** Who gives which visits where, in one's own practice and its partners. What of it may be booked is said by Slot. */
  @Get()
  @Permits('openings:read')
  async search(@CurrentStaff() caller: StaffCaller, @ZodQuery(searches.Schedule) by: z.output<typeof searches.Schedule>, @Req() request: FastifyRequest): Promise<Searchset> {
    const after = keyOf(by._cursor, z.tuple([z.string()]))?.[0] ?? '';
    const now = this.clock.now();
    const { offerings, zone } = await this.work.run(caller.actor, async (tx) => ({ zone: await zoneOf(tx, caller.practice), offerings: await this.offerings.find(tx, schedulesAsked(by), now) }));
    const range = rangeOf(by.date, zone);
    const found = offerings.map((offering) => scheduleOf(offerShown(offering, caller.practice), now)).filter((schedule) => schedule.id > after && isBookableIn(schedule, range, zone)).sort((a, b) => (a.id < b.id ? -1 : 1));
    const shown = found.slice(0, by._count);
    const last = shown.at(-1);
    return this.pages.of(request, { page: by, resources: shown, next: found.length > by._count && last ? cursorOf(last.id) : null });
  }

  /** One schedule. 404: there is none in one's own practice or a partner's. */
  @Get(':id')
  @Permits('openings:read')
  async read(@CurrentStaff() caller: StaffCaller, @ZodParam('id', fhirId) id: string): Promise<Schedule> {
    const ref = parseScheduleId(id);
    const now = this.clock.now();
    const [found] = await this.work.run(caller.actor, async (tx) => {
      const named = ref && (await this.offerings.byRefs(tx, ref));
      return named ? this.offerings.find(tx, { practice: named.practice, provider: named.provider, site: named.site, visitType: named.visitType }, now) : [];
    });
    if (!found) throw new ReferenceUnknown('schedule');
    return scheduleOf(offerShown(found, caller.practice), now);
  }
}
