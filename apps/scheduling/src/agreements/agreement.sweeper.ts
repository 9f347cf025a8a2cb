import { Injectable } from '@nestjs/common';
import { SweepTools, Sweeper } from '@slotmesh/platform';
import { ComeIntoForce } from './commands/come-into-force';
import { AgreementVersionRepository } from './persistence/agreement-version.repository';

/** Looks at agreements whose instant has come. */
@Injectable()
export class AgreementSweeper extends Sweeper {
  constructor(tools: SweepTools, come: ComeIntoForce, versions: AgreementVersionRepository) {
    super(tools, { name: 'agreements', work: () => come.execute(), nextDue: (sql) => versions.nextDue(sql) });
  }
}
