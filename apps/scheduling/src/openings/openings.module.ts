import { Module } from '@nestjs/common';
import { AgreementRepository } from '../agreements/persistence/agreement.repository';
import { QuotaRepository } from '../agreements/persistence/quota.repository';
import { FeedsModule } from '../feeds/feeds.module';
import { PublishedOpenings } from '../feeds/published-openings';
import { Alternatives } from './alternatives';
import { Bookability } from './bookability';
import { SharingFacts } from './sharing-facts';
import { HostPressure } from './host-pressure';
import { OpeningsController } from './openings.controller';
import { OPENING_SOURCES, type OpeningSource } from './opening-source';
import { OwnOpenings } from './own-openings';
import { CalendarRepository } from './persistence/calendar.repository';
import { CareRepository } from './persistence/care.repository';
import { OccupancyRepository } from './persistence/occupancy.repository';
import { OfferingRepository } from './persistence/offering.repository';
import { OpeningDirectory } from './persistence/opening-directory';
import { SearchesModule } from '../searches/searches.module';
import { FindOpenings } from './queries/find-openings';

@Module({
  imports: [FeedsModule, SearchesModule],
  controllers: [OpeningsController],
  providers: [
    AgreementRepository, QuotaRepository, OfferingRepository, CalendarRepository, CareRepository, OccupancyRepository, HostPressure, Bookability, SharingFacts, FindOpenings, Alternatives, OpeningDirectory, OwnOpenings,
    { provide: OPENING_SOURCES, useFactory: (own: OwnOpenings, published: PublishedOpenings): OpeningSource[] => [own, published], inject: [OwnOpenings, PublishedOpenings] },
  ],
  exports: [QuotaRepository, CareRepository, OccupancyRepository, Bookability, Alternatives, FindOpenings, OwnOpenings, SharingFacts, OfferingRepository, OpeningDirectory, CalendarRepository, AgreementRepository],
})
export class OpeningsModule {}
