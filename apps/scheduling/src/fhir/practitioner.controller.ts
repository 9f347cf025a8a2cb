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
import { type Practitioner, practitionerOf } from './resources/practitioner';
import { searches } from './search/searches';

@FhirController('Practitioner')
export class FhirPractitionerController {
  constructor(private readonly work: UnitOfWork, private readonly directory: DirectoryRepository, private readonly pages: FhirPages) {}

  /** Providers of one's own practice and its partners. */
  @Get()
  @Permits('reference:read')
  async search(@CurrentCaller() caller: Caller, @ZodQuery(searches.Practitioner) by: z.output<typeof searches.Practitioner>, @Req() request: FastifyRequest): Promise<Searchset> {
    const rows = await this.work.run(readerOf(caller), (tx) => this.directory.providers(tx, { id: by._id, name: by.name, active: by.active }, sliceOf(by, providerId)));
    return this.pages.byId(request, by, rows, practitionerOf);
  }

  /** One of them. 404: neither one's own practice's nor a partner's. */
  @Get(':id')
  @Permits('reference:read')
  async read(@CurrentCaller() caller: Caller, @ZodParam('id', fhirId) id: string): Promise<Practitioner> {
    const known = idOf(providerId, id, 'provider');
    const [found] = await this.work.run(readerOf(caller), (tx) => this.directory.providers(tx, { id: known }, { after: null, limit: 1 }));
    if (!found) throw new ReferenceUnknown('provider');
    return practitionerOf(found);
  }
}
