import { Get, Req } from '@nestjs/common';
import { providerId } from '@slotmesh/contracts';
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
import { type PractitionerRole, practitionerRoleOf } from './resources/practitioner';
import { searches } from './search/searches';

@FhirController('PractitionerRole')
export class FhirPractitionerRoleController {
  constructor(private readonly work: UnitOfWork, private readonly directory: DirectoryRepository, private readonly pages: FhirPages) {}

  /** Providers at their practice, with sites and visit types: of one's own practice and its partners. */
  @Get()
  @Permits('reference:read')
  async search(@CurrentCaller() caller: Caller, @ZodQuery(searches.PractitionerRole) by: z.output<typeof searches.PractitionerRole>, @Req() request: FastifyRequest): Promise<Searchset> {
    const rows = await this.work.run(readerOf(caller), (tx) => this.directory.providers(tx, { id: by._id ?? by.practitioner, practice: by.organization, site: by.location, visitType: by.service, active: by.active }, sliceOf(by, providerId)));
    return this.pages.byId(request, by, rows, practitionerRoleOf);
  }

  /** One of them. 404: neither one's own practice's nor a partner's. */
  @Get(':id')
  @Permits('reference:read')
  async read(@CurrentCaller() caller: Caller, @ZodParam('id', fhirId) id: string): Promise<PractitionerRole> {
    const known = idOf(providerId, id, 'provider');
    const [found] = await this.work.run(readerOf(caller), (tx) => this.directory.providers(tx, { id: known }, { after: null, limit: 1 }));
    if (!found) throw new ReferenceUnknown('provider');
    return practitionerRoleOf(found);
  }
}
