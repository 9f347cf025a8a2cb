import { Injectable } from '@nestjs/common';
import { SweepTools, Sweeper } from '@slotmesh/platform';
import { EndHold } from './commands/end-hold';
import { HoldRepository } from './persistence/hold.repository';

/** Ends holds at their time, also when their holder or this service died meanwhile (P3). */
@Injectable()
export class HoldSweeper extends Sweeper {
  constructor(tools: SweepTools, end: EndHold, holds: HoldRepository) {
    super(tools, { name: 'hold-sweeper', work: () => end.expireDue(), nextDue: (sql) => holds.nextExpiry(sql) });
  }
}
