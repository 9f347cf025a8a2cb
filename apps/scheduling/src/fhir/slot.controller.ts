import { Get, Req } from '@nestjs/common';
import { Clock } from '@slotmesh/kernel';
import { UnitOfWork } from '@slotmesh/persistence';
import { ZodParam, ZodQuery } from '@slotmesh/platform';
import { CurrentStaff, Permits, type StaffCaller } from '@slotmesh/security';
import type { FastifyRequest } from 'fastify';
import type { z } from 'zod';
import { OfferingRepository } from '../openings/persistence/offering.repository';
import { FhirPages } from './fhir-pages';
import { FhirController, fhirId } from './fhir-route';
import { FreeOpenings, searchedRange, zoneOf } from './queries/free-openings';
import type { Searchset } from './resources/bundle';
import { type Slot, slotOf } from './resources/slot';
import { searches } from './search/searches';
import { rangeOf } from './search/values';
import { offersOf } from './search/wanted';

@FhirController('Slot')
export class FhirSlotController {
  constructor(private readonly work: UnitOfWork, private readonly free: FreeOpenings, private readonly offerings: OfferingRepository, private readonly pages: FhirPages, private readonly clock: Clock) {}

  /** Free time of one's own practice and, as far as agreements share it, of partners, soonest first. The id of a Slot is what $hold and $book take. */
  @Get()
  @Permits('openings:read')
  async search(@CurrentStaff() caller: StaffCaller, @ZodQuery(searches.Slot) by: z.output<typeof searches.Slot>, @Req() request: FastifyRequest): Promise<Searchset> {
    const now = this.clock.now();
    const { openings, next } = await this.work.run(caller.actor, async (tx) => {
      const range = searchedRange(rangeOf(by.start, await zoneOf(tx, caller.practice)), now, 'start');
      const scheduled = by.schedule && (await this.offerings.byRefs(tx, by.schedule));
      if (by.schedule && !scheduled) return { openings: [], next: null };
      const offers = offersOf({ types: by['service-type'], ...(scheduled ? { practices: [scheduled.practice], providers: [scheduled.provider], sites: [scheduled.site] } : {}) });
      const accepts = scheduled ? { accepts: (offering: typeof scheduled) => (offers.accepts?.(offering) ?? true) && offering.visitType === scheduled.visitType } : {};
      return this.free.page(tx, caller.practice, { offers: { ...offers, ...accepts }, range, limit: by._count, cursor: by._cursor }, now);
    });
    return this.pages.of(request, { page: by, resources: openings.map((opening) => slotOf(opening, 'free')), next });
  }

  /** One Slot as it stands now: free, busy (taken), busy-unavailable (closed, too near, or its quota is used). 404: never bookable by this practice. */
  @Get(':id')
  @Permits('openings:read')
  async read(@CurrentStaff() caller: StaffCaller, @ZodParam('id', fhirId) id: string): Promise<Slot> {
    const { opening, status } = await this.work.run(caller.actor, (tx) => this.free.one(tx, caller.practice, id, this.clock.now()));
    return slotOf(opening, status);
  }
}
