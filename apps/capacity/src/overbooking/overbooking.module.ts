import { Module } from '@nestjs/common';
import { OverbookingController } from './overbooking.controller';
import { KeptVisitsRepository } from './persistence/kept-visits.repository';
import { AdviseOverbooking } from './queries/advise-overbooking';

@Module({ controllers: [OverbookingController], providers: [KeptVisitsRepository, AdviseOverbooking] })
export class OverbookingModule {}
