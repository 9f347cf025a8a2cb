import { Get, Req } from '@nestjs/common';
import { practiceId } from '@slotmesh/contracts';
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
import { type Organization, organizationOf } from './resources/organization';
import { searches } from './search/searches';

@FhirController('Organization')
export class FhirOrganizationController {
  constructor(private readonly work: UnitOfWork, private readonly directory: DirectoryRepository, private readonly pages: FhirPages) {}

  /** One's own practice and its partners. */
  @Get()
  @Permits('reference:read')
  async search(@CurrentCaller() caller: Caller, @ZodQuery(searches.Organization) by: z.output<typeof searches.Organization>, @Req() request: FastifyRequest): Promise<Searchset> {
    // Every practice that takes part is in use.
    const rows = by.active === false ? [] : await this.work.run(readerOf(caller), (tx) => this.directory.practices(tx, { id: by._id ?? by.identifier, name: by.name }, sliceOf(by, practiceId)));
    return this.pages.byId(request, by, rows, organizationOf);
  }

  /** One of them. 404: neither one's own nor a partner. */
  @Get(':id')
  @Permits('reference:read')
  async read(@CurrentCaller() caller: Caller, @ZodParam('id', fhirId) id: string): Promise<Organization> {
    const known = idOf(practiceId, id, 'practice');
    const [found] = await this.work.run(readerOf(caller), (tx) => this.directory.practices(tx, { id: known }, { after: null, limit: 1 }));
    if (!found) throw new ReferenceUnknown('practice');
    return organizationOf(found);
  }
}
