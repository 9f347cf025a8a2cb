import { Module } from '@nestjs/common';
import { ReferenceModule } from '../reference/reference.module';
import { BackfillController } from './backfill.controller';
import { CatalogueController } from './catalogue.controller';
import { RefreshMonths } from './commands/refresh-months';
import { MessagesController } from './messages.controller';
import { BackfillRepository } from './persistence/backfill.repository';
import { CatalogueRepository } from './persistence/catalogue.repository';
import { MessagesRepository } from './persistence/messages.repository';
import { SharedVisitsRepository } from './persistence/shared-visits.repository';
import { SourceProgressRepository } from './persistence/source-progress.repository';
import { OpenRows } from './queries/open-rows';
import { TakeCatalogueMeasure } from './queries/take-catalogue-measure';
import { TakeMeasure } from './queries/take-measure';
import { RefreshMonthsWorker } from './refresh-months.worker';
import { SharedVisitsController } from './shared-visits.controller';

@Module({ imports: [ReferenceModule], controllers: [SharedVisitsController, BackfillController, MessagesController, CatalogueController], providers: [SharedVisitsRepository, BackfillRepository, MessagesRepository, CatalogueRepository, SourceProgressRepository, TakeMeasure, TakeCatalogueMeasure, OpenRows, RefreshMonths, RefreshMonthsWorker], exports: [CatalogueRepository, SourceProgressRepository] })
export class MeasuresModule {}
