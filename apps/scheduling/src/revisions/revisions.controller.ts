import { Controller, HttpCode, Post } from '@nestjs/common';
import { appointmentId, offerId } from '@slotmesh/contracts';
import { UnitOfWork, workerFor } from '@slotmesh/persistence';
import { ZodBody } from '@slotmesh/platform';
import { Permits } from '@slotmesh/security';
import { z } from 'zod';
import { OfferRepository } from '../waitlist/persistence/offer.repository';
import { snapshotOfOffer } from '../waitlist/waitlist.events';
import { AbsenceRepository } from '../absences/persistence/absence.repository';
import { snapshotOf } from '../appointments/appointment.events';
import { AppointmentRepository } from '../appointments/persistence/appointment.repository';

const question = z.object({ appointments: z.array(appointmentId).max(500), offers: z.array(offerId).max(500).default([]) });

/** Asked by notifications just before a batch is sent (P12). */
@Controller('api/scheduling/v1/revisions')
export class RevisionsController {
  constructor(private readonly work: UnitOfWork, private readonly appointments: AppointmentRepository, private readonly offers: OfferRepository, private readonly absences: AbsenceRepository) {}

  /** The present state of up to 500 appointments and 500 offers; unknown ids are left out. `mustMove`: the visit lies on a closed day, its patient was asked to move it, and nothing is settled yet. */
  @Post()
  @HttpCode(200)
  @Permits('service')
  async current(@ZodBody(question) body: z.output<typeof question>) {
    return this.work.run(workerFor('revisions', null), async (tx) => {
      const toMove = await this.absences.toMove(tx, body.appointments);
      return {
        items: (await this.appointments.findMany(tx, body.appointments)).map((visit) => ({ ...snapshotOf(visit), ...(toMove.has(visit.id) ? { mustMove: true } : {}) })),
        offers: (await this.offers.findMany(tx, body.offers)).map(snapshotOfOffer),
      };
    });
  }
}
