import { Get, Req } from '@nestjs/common';
import { referralId } from '@slotmesh/contracts';
import { UnitOfWork } from '@slotmesh/persistence';
import { ZodParam, ZodQuery } from '@slotmesh/platform';
import { CurrentStaff, Permits, type StaffCaller } from '@slotmesh/security';
import type { FastifyRequest } from 'fastify';
import type { z } from 'zod';
import { ReferralUnknown } from '../referrals/domain/referral.errors';
import { ReadReferrals } from '../referrals/queries/read-referrals';
import { FhirPages, sliceOf } from './fhir-pages';
import { FhirController, fhirId } from './fhir-route';
import { zoneOf } from './queries/free-openings';
import type { Searchset } from './resources/bundle';
import { type ServiceRequest, serviceRequestOf, standsAs } from './resources/service-request';
import { searches } from './search/searches';
import { rangeOf } from './search/values';

@FhirController('ServiceRequest')
export class FhirServiceRequestController {
  constructor(private readonly work: UnitOfWork, private readonly referrals: ReadReferrals, private readonly pages: FhirPages) {}

  /** Referrals that one's own practice sent or received, in the order in which they were sent, with its own records of the patients; each search leaves an audit row. Reasons and attachments only where one is read. */
  @Get()
  @Permits('referrals:read')
  async search(@CurrentStaff() caller: StaffCaller, @ZodQuery(searches.ServiceRequest) by: z.output<typeof searches.ServiceRequest>, @Req() request: FastifyRequest): Promise<Searchset> {
    const found = await this.work.run(caller.actor, async (tx) => {
      const { from, to } = rangeOf(by.authored, await zoneOf(tx, caller.practice));
      const asked = { id: by._id ?? by.identifier ?? null, patient: by.patient ?? null, sender: by.requester ?? null, receiver: by.performer ?? null, service: by.code ?? null, urgency: by.priority ?? null, stands: by.status ? standsAs(by.status) : null, from, to };
      return this.referrals.search(tx, caller.practice, asked, sliceOf(by, referralId));
    });
    return this.pages.byId(request, by, found, (referral) => serviceRequestOf(referral));
  }

  /** One referral with its reason and the titles of its attachments; leaves an audit row. 404: neither sent nor received by one's own practice. */
  @Get(':id')
  @Permits('referrals:read')
  async read(@CurrentStaff() caller: StaffCaller, @ZodParam('id', fhirId) id: string): Promise<ServiceRequest> {
    const known = referralId.safeParse(id);
    if (!known.success) throw new ReferralUnknown();
    const referral = await this.work.run(caller.actor, (tx) => this.referrals.one(tx, caller.practice, known.data));
    return serviceRequestOf(referral, referral);
  }
}
