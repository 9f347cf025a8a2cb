import { Injectable } from '@nestjs/common';
import { SweepTools, Sweeper } from '@slotmesh/platform';
import { EndEmergencyAccess } from './commands/end-emergency-access';
import { EmergencyAccessRepository } from './persistence/emergency-access.repository';

/** Looks at accesses whose time is over. */
@Injectable()
export class EmergencyAccessSweeper extends Sweeper {
  constructor(tools: SweepTools, end: EndEmergencyAccess, accesses: EmergencyAccessRepository) {
    super(tools, { name: 'emergency-access', work: () => end.execute(), nextDue: (sql) => accesses.nextDue(sql) });
  }
}
