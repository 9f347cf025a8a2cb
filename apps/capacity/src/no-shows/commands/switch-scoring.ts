import { Injectable } from '@nestjs/common';
import { type Actor, UnitOfWork } from '@slotmesh/persistence';
import { ModelOfNoPractice, SwitchChanged } from '../domain/no-show.errors';
import { NoShowAlarmRepository } from '../persistence/no-show-alarm.repository';
import { NoShowSwitchRepository } from '../persistence/no-show-switch.repository';

/** Says whether the practice wants its no-show score to order outreach; an alarm counts as looked at by it. `expected`: the version that the caller saw, or null. Throws ModelOfNoPractice, SwitchChanged. */
@Injectable()
export class SwitchScoring {
  constructor(private readonly work: UnitOfWork, private readonly switches: NoShowSwitchRepository, private readonly alarms: NoShowAlarmRepository) {}

  async execute(actor: Actor, { wanted, reason }: { readonly wanted: boolean; readonly reason: string }, expected: number | null): Promise<void> {
    const { practice } = actor;
    if (practice === null) throw new ModelOfNoPractice();
    await this.work.run(actor, async (tx) => {
      const present = await this.switches.of(tx, practice);
      if (expected !== null && expected !== present.version) throw new SwitchChanged(present.version);
      const changed = await this.switches.change(tx, practice, present.version, wanted, reason);
      if (changed === null) throw new SwitchChanged(present.version + 1);
      const acknowledged = await this.alarms.acknowledge(tx, practice);
      tx.audit.record({ action: 'no-show-score.switched', entity: 'no-show-model', entityId: practice, details: { wanted, version: changed.version, acknowledged } });
    });
  }
}
