import { type DynamicModule, Module } from '@nestjs/common';
import { ApprovalRequestsController } from './approval-requests.controller';
import { ApprovalSweeper } from './approval.sweeper';
import { LapseRequests } from './commands/lapse-requests';
import { ApprovalRequestRepository } from './persistence/approval-request.repository';

/** Visits of partners that their host has to approve. */
@Module({})
export class ApprovalsModule {
  static with(appointments: DynamicModule): DynamicModule {
    return { module: ApprovalsModule, imports: [appointments], controllers: [ApprovalRequestsController], providers: [ApprovalRequestRepository, LapseRequests, ApprovalSweeper] };
  }
}
