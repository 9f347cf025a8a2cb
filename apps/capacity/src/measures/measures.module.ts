import { Module } from '@nestjs/common';
import { ReferenceModule } from '../reference/reference.module';
import { BackfillController } from './backfill.controller';
import { BackfillRepository } from './persistence/backfill.repository';
import { SharedVisitsRepository } from './persistence/shared-visits.repository';
import { SourceProgressRepository } from './persistence/source-progress.repository';
import { OpenRows } from './queries/open-rows';
import { TakeMeasure } from './queries/take-measure';
import { SharedVisitsController } from './shared-visits.controller';

@Module({ imports: [ReferenceModule], controllers: [SharedVisitsController, BackfillController], providers: [SharedVisitsRepository, BackfillRepository, SourceProgressRepository, TakeMeasure, OpenRows] })
export class MeasuresModule {}
