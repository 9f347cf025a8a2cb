import { Controller, HttpCode, Post } from '@nestjs/common';
import { appointmentId } from '@slotmesh/contracts';
import { UnitOfWork, workerFor } from '@slotmesh/persistence';
import { ZodBody } from '@slotmesh/platform';
import { Permits } from '@slotmesh/security';
import { z } from 'zod';
import { snapshotOf } from './appointment.events';
import { AppointmentRepository } from './persistence/appointment.repository';

const question = z.object({ appointments: z.array(appointmentId).max(500) });

/** Asked by notifications just before a batch is sent (P12). */
@Controller('api/scheduling/v1/revisions')
export class RevisionsController {
  constructor(private readonly work: UnitOfWork, private readonly appointments: AppointmentRepository) {}

  /** The present state of up to 500 appointments; unknown ids are left out. */
  @Post()
  @HttpCode(200)
  @Permits('service')
  async current(@ZodBody(question) body: z.output<typeof question>) {
    const found = await this.work.run(workerFor('revisions', null), (tx) => this.appointments.findMany(tx, body.appointments));
    return { items: found.map(snapshotOf) };
  }
}
