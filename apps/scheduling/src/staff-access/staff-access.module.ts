import { Module } from '@nestjs/common';
import { AgreementRepository } from '../agreements/persistence/agreement.repository';
import { DecideDeskWork } from './decide-desk-work';
import { DeskDisclosures } from './desk-disclosures';
import { DeskWorkController } from './desk-work.controller';

@Module({ controllers: [DeskWorkController], providers: [AgreementRepository, DecideDeskWork, DeskDisclosures], exports: [DeskDisclosures] })
export class StaffAccessModule {}
