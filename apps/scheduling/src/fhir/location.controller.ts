import { Get, Req } from '@nestjs/common';
import { siteId } from '@slotmesh/contracts';
import { UnitOfWork } from '@slotmesh/persistence';
import { ZodParam, ZodQuery } from '@slotmesh/platform';
import { type Caller, CurrentCaller, Permits } from '@slotmesh/security';
import type { FastifyRequest } from 'fastify';
import type { z } from 'zod';
import { ReferenceUnknown, readerOf } from '../practices/reference';
import { FhirPages, sliceOf } from './fhir-pages';
import { FhirController, fhirId, idOf } from './fhir-route';
import { DirectoryRepository } from './persistence/directory.repository';
import type { Searchset } from './resources/bundle';
import { type Location, locationOf } from './resources/location';
import { searches } from './search/searches';

@FhirController('Location')
export class FhirLocationController {
  constructor(private readonly work: UnitOfWork, private readonly directory: DirectoryRepository, private readonly pages: FhirPages) {}

  /** Sites of one's own practice and its partners. */
  @Get()
  @Permits('reference:read')
  async search(@CurrentCaller() caller: Caller, @ZodQuery(searches.Location) by: z.output<typeof searches.Location>, @Req() request: FastifyRequest): Promise<Searchset> {
    const rows = await this.work.run(readerOf(caller), (tx) => this.directory.sites(tx, caller.actor.practice, { id: by._id, practice: by.organization, name: by.name }, sliceOf(by, siteId)));
    return this.pages.byId(request, by, rows, locationOf);
  }

  /** One of them. 404: neither one's own practice's nor a partner's. */
  @Get(':id')
  @Permits('reference:read')
  async read(@CurrentCaller() caller: Caller, @ZodParam('id', fhirId) id: string): Promise<Location> {
    const known = idOf(siteId, id, 'site');
    const [found] = await this.work.run(readerOf(caller), (tx) => this.directory.sites(tx, caller.actor.practice, { id: known }, { after: null, limit: 1 }));
    if (!found) throw new ReferenceUnknown('site');
    return locationOf(found);
  }
}
