import { Controller, Get, Header } from '@nestjs/common';
import { UnitOfWork, workerFor } from '@slotmesh/persistence';
import { ZodQuery } from '@slotmesh/platform';
import { PublicRoute } from '@slotmesh/security';
import { z } from 'zod';
import { bookingReferral, bookingSource } from '../appointments/domain/origin';
import { PublicationRepository } from './persistence/publication.repository';

const query = z.object({ source: bookingSource, 'booking-referral': bookingReferral });

@Controller('smart-scheduling/booking-referrals')
@PublicRoute("one bit about a publisher's own reference: whether it was used; never by whom, where or when")
export class BookingReferralsController {
  constructor(private readonly work: UnitOfWork, private readonly publication: PublicationRepository) {}

  /** Whether a visit was booked with a deep link's `source` and `booking-referral`, also where it was called off since. One that was never given out is as unused as any other. */
  @Get()
  @Header('cache-control', 'no-store')
  async used(@ZodQuery(query) { source, 'booking-referral': referral }: z.output<typeof query>): Promise<{ used: boolean }> {
    return { used: await this.work.run(workerFor('publication', null), (tx) => this.publication.isUsed(tx, source, referral)) };
  }
}
