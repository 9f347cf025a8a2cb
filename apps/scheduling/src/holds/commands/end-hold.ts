import { Injectable } from '@nestjs/common';
import { type HoldId, type PracticeId } from '@slotmesh/kernel';
import { type Tx, UnitOfWork, workerFor } from '@slotmesh/persistence';
import { QuotaRepository } from '../../agreements/persistence/quota.repository';
import { oneByOne } from '../../shared/one-by-one';
import { OccupancyRepository } from '../../openings/persistence/occupancy.repository';
import { type Hold, requireUsable } from '../domain/hold';
import { HoldRepository } from '../persistence/hold.repository';

/** Gives held time back: by its holder, or because its time is over. Exactly once (P3). */
@Injectable()
export class EndHold {
  constructor(private readonly work: UnitOfWork, private readonly occupancy: OccupancyRepository, private readonly holds: HoldRepository, private readonly quotas: QuotaRepository) {}

  async release(tx: Tx, holder: { readonly practice: PracticeId; readonly subject: string }, id: HoldId): Promise<void> {
    await this.occupancy.lock(tx, await this.occupancy.resourcesOf(tx, { hold: id }));
    await this.end(tx, requireUsable(await this.holds.lock(tx, id), holder, tx.now), 'released');
  }

  /** One look of the sweeper: ends what is past its time; returns how many it ended. */
  async expireDue(limit = 100): Promise<number> {
    const actor = workerFor('hold-sweeper', null);
    const due = await this.work.run(actor, (tx) => this.holds.due(tx, tx.now, limit));
    return oneByOne(due, (id) => this.work.run(actor, async (tx) => {
      await this.occupancy.lock(tx, await this.occupancy.resourcesOf(tx, { hold: id }));
      const hold = await this.holds.lock(tx, id);
      if (!hold || hold.state !== 'active' || hold.expiresAt > tx.now) return 0;
      await this.end(tx, hold, 'expired');
      return 1;
    }));
  }

  /** Ends a hold that is under lock, whoever holds it: its time is closed. Its quotas come later, by `giveBack`. */
  async withdraw(tx: Tx, hold: Hold): Promise<void> {
    await this.occupancy.freeHold(tx, hold.id);
    await this.holds.end(tx, hold, hold.expiresAt <= tx.now ? 'expired' : 'released');
  }

  giveBack(tx: Tx, holds: readonly Hold[]): Promise<void> {
    return this.quotas.giveBack(tx, holds.flatMap((hold) => hold.quotas));
  }

  private async end(tx: Tx, hold: Hold, outcome: 'released' | 'expired'): Promise<void> {
    await this.occupancy.freeHold(tx, hold.id);
    await this.quotas.giveBack(tx, hold.quotas);
    await this.holds.end(tx, hold, outcome);
  }
}
