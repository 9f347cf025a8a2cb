import { Module } from '@nestjs/common';
import { FaultRepository } from './fault.repository';
import { Faults } from './faults';
import { FaultsController } from './faults.controller';

@Module({ controllers: [FaultsController], providers: [Faults, FaultRepository], exports: [Faults] })
export class FaultsModule {}
