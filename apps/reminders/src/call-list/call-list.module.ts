import { Module } from '@nestjs/common';
import { CallListController } from './call-list.controller';
import { CallListWorker } from './call-list.worker';
import { CallsToShow } from './calls-to-show';
import { ClaimCall } from './commands/claim-call';
import { ClosePassedCalls } from './commands/close-passed-calls';
import { RecordCall } from './commands/record-call';
import { PatientKeys } from './patient-keys';
import { CallListRepository } from './persistence/call-list.repository';
import { ListCalls } from './queries/list-calls';

@Module({ controllers: [CallListController], providers: [CallListRepository, CallsToShow, ListCalls, ClaimCall, RecordCall, ClosePassedCalls, PatientKeys, CallListWorker], exports: [CallListRepository, PatientKeys] })
export class CallListModule {}
