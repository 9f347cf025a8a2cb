import { Get, Headers, Put, Req, Res } from '@nestjs/common';
import { appointmentId, instantText, patientId, providerId, siteId } from '@slotmesh/contracts';
import { UnitOfWork } from '@slotmesh/persistence';
import { ZodBody, ZodParam, ZodQuery } from '@slotmesh/platform';
import { CurrentStaff, Permits, type StaffCaller } from '@slotmesh/security';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { type AppointmentFilter, AppointmentRepository } from '../appointments/persistence/appointment.repository';
import { Idempotency } from '../http/idempotency';
import { versionOf } from '../http/if-match';
import { CancelByResource, changedAppointment } from './commands/cancel-by-resource';
import { FhirPages } from './fhir-pages';
import { FhirController, fhirId } from './fhir-route';
import { answerOf } from './fhir-answer';
import { zoneOf } from './queries/free-openings';
import { ReadAppointment, ownRecord } from './queries/read-appointment';
import { type FhirAppointment, appointmentOf } from './resources/appointment';
import type { Searchset } from './resources/bundle';
import { cursorOf, keyOf } from './search/cursor';
import { searches } from './search/searches';
import { rangeOf } from './search/values';

const place = z.tuple([instantText, appointmentId]);

@FhirController('Appointment')
export class FhirAppointmentController {
  constructor(private readonly work: UnitOfWork, private readonly appointments: AppointmentRepository, private readonly readAppointment: ReadAppointment, private readonly cancel: CancelByResource, private readonly idempotency: Idempotency, private readonly pages: FhirPages) {}

  /** Visits that one's own practice hosts or booked, by start, with its own records of the patients. */
  @Get()
  @Permits('appointments:read')
  async search(@CurrentStaff() caller: StaffCaller, @ZodQuery(searches.Appointment) by: z.output<typeof searches.Appointment>, @Req() request: FastifyRequest): Promise<Searchset> {
    const after = keyOf(by._cursor, place);
    const { rows, now } = await this.work.run(caller.actor, async (tx) => {
      const id = by._id ?? by.identifier;
      const { from, to } = rangeOf(by.date, await zoneOf(tx, caller.practice));
      const filter = filterOf(by);
      const asked = { ...filter, ...(from === null ? {} : { startsFrom: from }), ...(to === null ? {} : { to }), ...(after ? { after: { start: after[0], id: after[1] } } : {}) };
      const rows = filter ? await this.appointments.list(tx, { ...asked, ...(id ? { id } : {}), limit: by._count + 1 }) : [];
      tx.audit.record({ action: 'appointment.listed', entity: 'appointment', entityId: '*', details: { count: Math.min(rows.length, by._count) } });
      return { rows, now: tx.now };
    });
    const shown = rows.slice(0, by._count);
    const last = shown.at(-1);
    const next = rows.length > by._count && last ? cursorOf(new Date(last.start).toISOString(), last.id) : null;
    return this.pages.of(request, { page: by, resources: shown.map((visit) => appointmentOf(visit, ownRecord(visit, caller.practice, now))), next });
  }

  /** One visit, or a hold that is still good (status pending); the reason only for the host. 404: neither hosted nor booked by one's own practice. */
  @Get(':id')
  @Permits('appointments:read')
  read(@CurrentStaff() caller: StaffCaller, @ZodParam('id', fhirId) id: string): Promise<FhirAppointment> {
    return this.work.run(caller.actor, (tx) => this.readAppointment.execute(tx, caller.practice, id));
  }

  /** Cancels: the Appointment as it was read, with status cancelled and a cancelationReason. If-Match: 412 where somebody else was first. 422: any other change. */
  @Put(':id')
  @Permits('appointments:book')
  async update(@CurrentStaff() caller: StaffCaller, @ZodParam('id', fhirId) id: string, @ZodBody(changedAppointment) body: z.output<typeof changedAppointment>, @Headers('if-match') ifMatch: string | undefined, @Headers('idempotency-key') key: string | undefined, @Res({ passthrough: true }) reply: FastifyReply): Promise<unknown> {
    if (body.id !== id) throw new z.ZodError([{ code: 'custom', path: ['id'], message: 'must be the id of the URL', input: undefined }]);
    return answerOf(reply, await this.idempotency.answer(caller.actor, key, ['fhir-put', body], 200, (tx) => this.cancel.execute(tx, caller.practice, id, body, versionOf(ifMatch))));
  }
}

/** Null: nothing fits, because the actor is another patient, provider or site than the one that is named as well. */
function filterOf(by: z.output<typeof searches.Appointment>): Omit<AppointmentFilter, 'limit'> | null {
  const actor = by.actor ? actorOf(by.actor) : {};
  const named = { ...(by.patient ? { patient: by.patient } : {}), ...(by.practitioner ? { provider: by.practitioner } : {}), ...(by.location ? { site: by.location } : {}) };
  const both = { ...actor, ...named };
  if ((actor.patient ?? both.patient) !== both.patient || (actor.provider ?? both.provider) !== both.provider || (actor.site ?? both.site) !== both.site) return null;
  return { ...both, ...(by.status ? { status: by.status } : {}), ...(by['service-type'] ? { service: by['service-type'] } : {}), ...(by['based-on'] ? { referral: by['based-on'] } : {}) };
}

function actorOf({ type, id }: { readonly type: 'Patient' | 'Practitioner' | 'Location'; readonly id: string }): Omit<AppointmentFilter, 'limit'> {
  switch (type) {
    case 'Patient': return { patient: patientId.parse(id) };
    case 'Practitioner': return { provider: providerId.parse(id) };
    case 'Location': return { site: siteId.parse(id) };
  }
}
