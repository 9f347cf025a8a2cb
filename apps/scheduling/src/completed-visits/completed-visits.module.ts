import { type DynamicModule, Module } from '@nestjs/common';
import { CompletedVisitsController } from './completed-visits.controller';
import { CompletedVisitRepository } from './persistence/completed-visit.repository';
import { ReadCompletedVisits } from './queries/read-completed-visits';

/** Visits that took place, as they leave for billing: CSV, JSON, and in FHIR by `ReadCompletedVisits`. */
@Module({})
export class CompletedVisitsModule {
  static with(patients: DynamicModule): DynamicModule {
    return { module: CompletedVisitsModule, imports: [patients], controllers: [CompletedVisitsController], providers: [CompletedVisitRepository, ReadCompletedVisits], exports: [ReadCompletedVisits] };
  }
}
