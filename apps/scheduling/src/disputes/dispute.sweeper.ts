import { Injectable } from '@nestjs/common';
import { SweepTools, Sweeper } from '@slotmesh/platform';
import { TellOverdueSteps } from './commands/tell-overdue-steps';
import { DisputeRepository } from './persistence/dispute.repository';

/** Looks at steps of disputes whose time is over. */
@Injectable()
export class DisputeSweeper extends Sweeper {
  constructor(tools: SweepTools, tell: TellOverdueSteps, disputes: DisputeRepository) {
    super(tools, { name: 'disputes', work: () => tell.execute(), nextDue: (sql) => disputes.nextDue(sql) });
  }
}
