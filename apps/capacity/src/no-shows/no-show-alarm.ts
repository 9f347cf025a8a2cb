import { Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { UnitOfWork, workerFor } from '@slotmesh/persistence';
import { Gauge, register } from 'prom-client';
import { NoShowModelRepository } from './persistence/no-show-model.repository';

/** Which practices' no-show model no longer fitted what happens, and nobody has looked yet: what an alarm is set on. A practice without a model and without an alarm has no line. */
@Injectable()
export class NoShowAlarm implements OnApplicationBootstrap {
  constructor(private readonly work: UnitOfWork, private readonly models: NoShowModelRepository) {}

  onApplicationBootstrap(): void {
    const drifts = () => this.work.run(workerFor('no-show-models', null), (tx) => this.models.drifts(tx));
    const name = 'no_show_model_drift_alarm';
    // Why removed first: in tests several applications live in one process.
    register.removeSingleMetric(name);
    new Gauge({
      name, help: '1 from when the no-show model of a practice has drifted, and its order of calls is not used, until somebody there sets the switch anew; 0 otherwise.', labelNames: ['practice'] as const, registers: [register],
      async collect() {
        const found = await drifts();
        this.reset();
        for (const { practice, alarm } of found) this.set({ practice }, alarm ? 1 : 0);
      },
    });
  }
}
