import { Module } from '@nestjs/common';
import { AgreementRepository } from '../agreements/persistence/agreement.repository';
import { QuotaRepository } from '../agreements/persistence/quota.repository';
import { Alternatives } from './alternatives';
import { Bookability, SharingFacts } from './bookability';
import { OpeningsController } from './openings.controller';
import { CalendarRepository } from './persistence/calendar.repository';
import { OccupancyRepository } from './persistence/occupancy.repository';
import { OfferingRepository } from './persistence/offering.repository';
import { FindOpenings } from './queries/find-openings';

@Module({
  controllers: [OpeningsController],
  providers: [AgreementRepository, QuotaRepository, OfferingRepository, CalendarRepository, OccupancyRepository, Bookability, SharingFacts, FindOpenings, Alternatives],
  exports: [QuotaRepository, OccupancyRepository, Bookability, Alternatives, FindOpenings],
})
export class OpeningsModule {}
