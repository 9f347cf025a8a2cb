import { Module } from '@nestjs/common';
import { StandardFactsRepository } from './persistence/standard-facts.repository';
import { MeasureStandards } from './queries/measure-standards';
import { PatientWordConsumer } from './patient-word.consumer';
import { PatientWordRepository } from './persistence/patient-word.repository';
import { StandardsController } from './standards.controller';

@Module({ controllers: [StandardsController, PatientWordConsumer], providers: [StandardFactsRepository, PatientWordRepository, MeasureStandards], exports: [MeasureStandards] })
export class StandardsModule {}
