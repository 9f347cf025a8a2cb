import { Module } from '@nestjs/common';
import { StandardFactsRepository } from './persistence/standard-facts.repository';
import { MeasureStandards } from './queries/measure-standards';
import { StandardsController } from './standards.controller';

@Module({ controllers: [StandardsController], providers: [StandardFactsRepository, MeasureStandards], exports: [MeasureStandards] })
export class StandardsModule {}
