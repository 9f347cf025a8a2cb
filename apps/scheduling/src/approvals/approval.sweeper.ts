import { Injectable } from '@nestjs/common';
import { SweepTools, Sweeper } from '@slotmesh/platform';
import { LapseRequests } from './commands/lapse-requests';
import { ApprovalRequestRepository } from './persistence/approval-request.repository';

/** Looks at requests of partners whose deadline has come. */
@Injectable()
export class ApprovalSweeper extends Sweeper {
  constructor(tools: SweepTools, lapse: LapseRequests, requests: ApprovalRequestRepository) {
    super(tools, { name: 'approvals', work: () => lapse.execute(), nextDue: (sql) => requests.nextDue(sql) });
  }
}
