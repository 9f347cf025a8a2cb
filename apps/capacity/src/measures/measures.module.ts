import { Module } from '@nestjs/common';
import { ReferenceModule } from '../reference/reference.module';
import { BackfillController } from './backfill.controller';
import { MessagesController } from './messages.controller';
import { BackfillRepository } from './persistence/backfill.repository';
import { MessagesRepository } from './persistence/messages.repository';
import { SharedVisitsRepository } from './persistence/shared-visits.repository';
import { SourceProgressRepository } from './persistence/source-progress.repository';
import { OpenRows } from './queries/open-rows';
import { TakeMeasure } from './queries/take-measure';
import { SharedVisitsController } from './shared-visits.controller';

@Module({ imports: [ReferenceModule], controllers: [SharedVisitsController, BackfillController, MessagesController], providers: [SharedVisitsRepository, BackfillRepository, MessagesRepository, SourceProgressRepository, TakeMeasure, OpenRows] })
export class MeasuresModule {}
