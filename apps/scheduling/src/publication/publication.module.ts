import { Module } from '@nestjs/common';
import { OpeningsModule } from '../openings/openings.module';
import { BookingReferralsController } from './booking-referrals.controller';
import { BookingPageController } from './booking-page.controller';
import { RefreshPublication } from './commands/refresh-publication';
import { PublicationRepository } from './persistence/publication.repository';
import { PublicationController } from './publication.controller';
import { ReadPublication } from './queries/read-publication';

/** The openings that practices make public, as SMART Scheduling Links. */
@Module({
  imports: [OpeningsModule],
  controllers: [PublicationController, BookingPageController, BookingReferralsController],
  providers: [PublicationRepository, RefreshPublication, ReadPublication],
})
export class PublicationModule {}
