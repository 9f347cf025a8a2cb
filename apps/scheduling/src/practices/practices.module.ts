import { Module } from '@nestjs/common';
import { NarrowProvider } from './narrow-provider';
import { PracticesController } from './practices.controller';
import { ProvidersController } from './providers.controller';
import { References } from './reference';
import { ResourcesController } from './resources.controller';
import { ServicesController } from './services.controller';
import { SitesController } from './sites.controller';
import { VisitTypesController } from './visit-types.controller';

/** Who takes part and what they offer. */
@Module({
  controllers: [PracticesController, SitesController, ProvidersController, ResourcesController, ServicesController, VisitTypesController],
  providers: [References, NarrowProvider],
  exports: [References],
})
export class PracticesModule {}
