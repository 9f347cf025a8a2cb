import { Module } from '@nestjs/common';
import { AdvisedInThread } from './advised-in-thread';
import { OverbookingController } from './overbooking.controller';
import { KeptVisitsRepository } from './persistence/kept-visits.repository';
import { AdviseOverbooking } from './queries/advise-overbooking';

@Module({ controllers: [OverbookingController], providers: [KeptVisitsRepository, AdvisedInThread, AdviseOverbooking] })
export class OverbookingModule {}
