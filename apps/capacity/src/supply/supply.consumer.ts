import { Controller } from '@nestjs/common';
import { SharedTimeEnded, SharedTimeOffered, SharedTimeReduced, SupplyStated } from '@slotmesh/contracts';
import { OnEvent, type Received } from '@slotmesh/messaging';
import type { Tx } from '@slotmesh/persistence';
import { SharedDayRepository } from './persistence/shared-day.repository';
import { SupplyRepository } from './persistence/supply.repository';

/** What there is of time: scheduled by practices, and opened to partners. */
@Controller()
export class SupplyConsumer {
  constructor(private readonly supply: SupplyRepository, private readonly shared: SharedDayRepository) {}

  @OnEvent(SupplyStated)
  async stated({ data, time }: Received<typeof SupplyStated>, tx: Tx): Promise<void> {
    await this.supply.save(tx, data, time);
  }

  @OnEvent(SharedTimeOffered)
  async offered({ data, time }: Received<typeof SharedTimeOffered>, tx: Tx): Promise<void> {
    await this.shared.add(tx, data, { offered: data.minutes }, time);
  }

  @OnEvent(SharedTimeReduced)
  async reduced({ data, time }: Received<typeof SharedTimeReduced>, tx: Tx): Promise<void> {
    await this.shared.add(tx, data, { withdrawn: data.withdrawn, takenBack: data.takenBack }, time);
  }

  @OnEvent(SharedTimeEnded)
  async ended({ data, time }: Received<typeof SharedTimeEnded>, tx: Tx): Promise<void> {
    const wasted = data.late.reduce((sum, { account, minutes }) => sum + (account === 'wasted' ? minutes : 0), 0);
    await this.shared.add(tx, data, { offered: data.offered, takenBack: data.takenBack, returned: data.returned, wasted }, time);
  }
}
