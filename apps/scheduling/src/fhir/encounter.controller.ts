import { Get, Req } from '@nestjs/common';
import { appointmentId, instantText } from '@slotmesh/contracts';
import { formatInstant } from '@slotmesh/kernel';
import { UnitOfWork } from '@slotmesh/persistence';
import { ZodParam, ZodQuery } from '@slotmesh/platform';
import { CurrentStaff, Permits, type StaffCaller } from '@slotmesh/security';
import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import { AppointmentUnknown } from '../appointments/domain/appointment.errors';
import { ReadCompletedVisits } from '../completed-visits/queries/read-completed-visits';
import { FhirPages } from './fhir-pages';
import { FhirController, fhirId } from './fhir-route';
import { zoneOf } from './queries/free-openings';
import type { Searchset } from './resources/bundle';
import { type Encounter, encounterOf } from './resources/encounter';
import { cursorOf, keyOf } from './search/cursor';
import { searches } from './search/searches';
import { rangeOf } from './search/values';

const place = z.tuple([instantText, appointmentId]);

@FhirController('Encounter')
export class FhirEncounterController {
  constructor(private readonly work: UnitOfWork, private readonly visits: ReadCompletedVisits, private readonly pages: FhirPages) {}

  /** Visits that one's own practice hosted and that took place, by start, for its billing; each search leaves an audit row. */
  @Get()
  @Permits('billing:read')
  async search(@CurrentStaff() caller: StaffCaller, @ZodQuery(searches.Encounter) by: z.output<typeof searches.Encounter>, @Req() request: FastifyRequest): Promise<Searchset> {
    const key = keyOf(by._cursor, place);
    const { visits, more } = await this.work.run(caller.actor, async (tx) => {
      const { from, to } = rangeOf(by.date, await zoneOf(tx, caller.practice));
      const ids = new Set([by._id, by.identifier, by.appointment].filter((one) => one !== undefined));
      const [id = null] = ids;
      if (ids.size > 1) return { visits: [], more: false };
      return this.visits.page(tx, caller.practice, { id, from, to, patient: by.patient ?? null, provider: by.practitioner ?? null, site: by.location ?? null }, { after: key ? { start: key[0], id: key[1] } : null, limit: by._count });
    });
    const last = visits.at(-1);
    return this.pages.of(request, { page: by, resources: visits.map(encounterOf), next: more && last ? cursorOf(formatInstant(last.start), last.id) : null });
  }

  /** One of them; its id is the Appointment's. 404: a partner's visit, or one that has not taken place. */
  @Get(':id')
  @Permits('billing:read')
  async read(@CurrentStaff() caller: StaffCaller, @ZodParam('id', fhirId) id: string): Promise<Encounter> {
    const known = appointmentId.safeParse(id);
    if (!known.success) throw new AppointmentUnknown();
    return encounterOf(await this.work.run(caller.actor, (tx) => this.visits.one(tx, caller.practice, known.data)));
  }
}
