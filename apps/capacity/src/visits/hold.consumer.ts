import { Controller } from '@nestjs/common';
import { HoldEnded, HoldPlaced } from '@slotmesh/contracts';
import { OnEvent, type Received } from '@slotmesh/messaging';
import type { Tx } from '@slotmesh/persistence';
import { HoldRepository } from './persistence/hold.repository';

@Controller()
export class HoldConsumer {
  constructor(private readonly holds: HoldRepository) {}

  @OnEvent(HoldPlaced)
  async handlePlaced(event: Received<typeof HoldPlaced>, tx: Tx): Promise<void> {
    await this.holds.place(tx, event.data, event.time);
  }

  @OnEvent(HoldEnded)
  async handleEnded(event: Received<typeof HoldEnded>, tx: Tx): Promise<void> {
    await this.holds.end(tx, event.data, event.time);
  }
}
