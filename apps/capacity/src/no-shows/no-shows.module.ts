import { Module } from '@nestjs/common';
import { NoShowsController } from './no-shows.controller';
import { VisitsOfPatientsRepository } from './persistence/visits-of-patients.repository';
import { ShowNoShowModel } from './queries/show-no-show-model';

@Module({ controllers: [NoShowsController], providers: [VisitsOfPatientsRepository, ShowNoShowModel] })
export class NoShowsModule {}
