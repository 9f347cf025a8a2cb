import { Module } from '@nestjs/common';
import { MeasuresController } from './measures.controller';
import { MeasureRepository } from './persistence/measure.repository';
import { MeasureSharedVisits } from './queries/measure-shared-visits';
import { OpenSharedVisits } from './queries/open-shared-visits';

@Module({ controllers: [MeasuresController], providers: [MeasureRepository, MeasureSharedVisits, OpenSharedVisits] })
export class MeasuresModule {}
