import { Injectable } from '@nestjs/common';
import { SweepTools, Sweeper } from '@slotmesh/platform';
import { RunWhatIfs } from './commands/run-what-ifs';

/** The clock does not wait for it: a simulation knows no time. */
@Injectable()
export class RunWhatIfsWorker extends Sweeper {
  constructor(tools: SweepTools, private readonly whatIfs: RunWhatIfs) {
    super(tools, { name: 'run-what-ifs', pollMs: 500, work: () => whatIfs.begin() });
  }

  override async onModuleDestroy(): Promise<void> {
    await super.onModuleDestroy();
    await this.whatIfs.stop();
  }
}
