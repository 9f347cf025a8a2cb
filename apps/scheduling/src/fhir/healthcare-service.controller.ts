import { Get, Req } from '@nestjs/common';
import { visitTypeId } from '@slotmesh/contracts';
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
import { type HealthcareService, healthcareServiceOf } from './resources/healthcare-service';
import { searches } from './search/searches';

@FhirController('HealthcareService')
export class FhirHealthcareServiceController {
  constructor(private readonly work: UnitOfWork, private readonly directory: DirectoryRepository, private readonly pages: FhirPages) {}

  /** Visit types of one's own practice and its partners. */
  @Get()
  @Permits('reference:read')
  async search(@CurrentCaller() caller: Caller, @ZodQuery(searches.HealthcareService) by: z.output<typeof searches.HealthcareService>, @Req() request: FastifyRequest): Promise<Searchset> {
    const rows = await this.work.run(readerOf(caller), (tx) => this.directory.visitTypes(tx, caller.actor.practice, { id: by._id, practice: by.organization, service: by['service-type'], name: by.name, active: by.active }, sliceOf(by, visitTypeId)));
    return this.pages.byId(request, by, rows, healthcareServiceOf);
  }

  /** One of them. 404: neither one's own practice's nor a partner's. */
  @Get(':id')
  @Permits('reference:read')
  async read(@CurrentCaller() caller: Caller, @ZodParam('id', fhirId) id: string): Promise<HealthcareService> {
    const known = idOf(visitTypeId, id, 'visit-type');
    const [found] = await this.work.run(readerOf(caller), (tx) => this.directory.visitTypes(tx, caller.actor.practice, { id: known }, { after: null, limit: 1 }));
    if (!found) throw new ReferenceUnknown('visit-type');
    return healthcareServiceOf(found);
  }
}
