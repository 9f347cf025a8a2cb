import { type DynamicModule, Module } from '@nestjs/common';
import { AbsenceRepository } from '../absences/persistence/absence.repository';
import { RevisionsController } from './revisions.controller';

/** How whatever messages are about stands now. */
@Module({})
export class RevisionsModule {
  static with(...owners: DynamicModule[]): DynamicModule {
    return { module: RevisionsModule, imports: owners, controllers: [RevisionsController], providers: [AbsenceRepository] };
  }
}
