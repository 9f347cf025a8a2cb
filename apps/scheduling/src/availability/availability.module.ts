import { Module } from '@nestjs/common';
import { PracticesModule } from '../practices/practices.module';
import { AddedHours } from './added-hours';
import { AvailabilityExceptionsController } from './availability-exceptions.controller';
import { AvailabilityController } from './availability.controller';
import { ClosuresController } from './closures.controller';
import { LiftedClosureRepository } from './persistence/lifted-closure.repository';

/** When providers work, and when they do not. */
@Module({ imports: [PracticesModule], controllers: [AvailabilityController, AvailabilityExceptionsController, ClosuresController], providers: [LiftedClosureRepository, AddedHours], exports: [LiftedClosureRepository] })
export class AvailabilityModule {}
