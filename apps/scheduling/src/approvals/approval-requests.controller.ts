import { Controller, Get } from '@nestjs/common';
import { appointmentId, instantText } from '@slotmesh/contracts';
import { formatInstant } from '@slotmesh/kernel';
import { UnitOfWork } from '@slotmesh/persistence';
import { ZodQuery } from '@slotmesh/platform';
import { CurrentStaff, Permits, type StaffCaller } from '@slotmesh/security';
import { z } from 'zod';
import { viewOfAppointment } from '../appointments/appointment.view';
import { AppointmentRepository } from '../appointments/persistence/appointment.repository';
import { pageOf, pageQuery, startOf } from '../shared/page';
import { ApprovalRequestRepository, requestStates, sides } from './persistence/approval-request.repository';

const listQuery = pageQuery.extend({ side: z.enum(sides).default('host'), state: z.enum(requestStates).default('waiting') });
const place = z.string().transform((text) => text.split(' ')).pipe(z.tuple([instantText, appointmentId])).transform(([by, id]) => ({ by, id }));

@Controller('api/scheduling/v1/approval-requests')
export class ApprovalRequestsController {
  constructor(private readonly work: UnitOfWork, private readonly requests: ApprovalRequestRepository, private readonly appointments: AppointmentRepository) {}

  /**
   * Visits that partners asked for at providers who answer first, the soonest deadline first: `approval.by` (UTC, with the site's `zone` beside it). `side=host` (default): they wait for an answer of the caller's practice, which gives it by
   * `POST /appointments/<id>/approve` or `/decline`; `side=booking`: the caller's practice asked. `state=refused`: what was declined, or `lapsed` because nobody answered in time, until the visit would have begun; whoever asked looks for
   * another time with the patient. Each is shown as `GET /appointments` shows it.
   */
  @Get()
  @Permits('appointments:read')
  async list(@CurrentStaff() caller: StaffCaller, @ZodQuery(listQuery) { side, state, ...by }: z.output<typeof listQuery>) {
    const after = startOf(by, place);
    return this.work.run(caller.actor, async (tx) => {
      const found = await this.requests.list(tx, { practice: caller.practice, side, state, after, limit: by.limit + 1 }, tx.now);
      const visits = new Map((await this.appointments.findMany(tx, found.map(({ id }) => id))).map((visit) => [visit.id, visit]));
      tx.audit.record({ action: 'appointment.listed', entity: 'appointment', entityId: '*', details: { count: Math.min(found.length, by.limit), requests: state } });
      const page = pageOf(found, by.limit, ({ by: deadline, id }) => `${formatInstant(deadline)} ${id}`, ({ id }) => visits.get(id));
      return { ...page, items: page.items.flatMap((visit) => (visit ? [viewOfAppointment(visit, caller.practice, tx.now)] : [])) };
    });
  }
}
