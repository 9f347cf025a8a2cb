import { Injectable } from '@nestjs/common';
import { SweepTools, Sweeper } from '@slotmesh/platform';
import { WatchNoShowModels } from './commands/watch-no-show-models';
import { NoShowModelRepository } from './persistence/no-show-model.repository';

/** The clock waits for a model that is to be made or watched. */
@Injectable()
export class NoShowModelsWorker extends Sweeper {
  constructor(tools: SweepTools, watch: WatchNoShowModels, models: NoShowModelRepository) {
    super(tools, { name: 'no-show-models', pollMs: 1_000, work: () => watch.execute(), nextDue: (sql) => models.nextDue(sql) });
  }
}
