import { Controller } from '@nestjs/common';
import { AccessTaken, EmptySearchesCounted, NetworkAccessTaken } from '@slotmesh/contracts';
import { OnEvent, type Received } from '@slotmesh/messaging';
import type { Tx } from '@slotmesh/persistence';
import { AccessRepository } from './persistence/access.repository';

/** How long patients wait, morning by morning, and searches that found nothing. */
@Controller()
export class AccessConsumer {
  constructor(private readonly access: AccessRepository) {}

  @OnEvent(AccessTaken)
  async taken({ data, time }: Received<typeof AccessTaken>, tx: Tx): Promise<void> {
    await this.access.saveOwn(tx, data, time);
  }

  @OnEvent(NetworkAccessTaken)
  async networkTaken({ data, time }: Received<typeof NetworkAccessTaken>, tx: Tx): Promise<void> {
    await this.access.saveNetwork(tx, data, time);
  }

  @OnEvent(EmptySearchesCounted)
  async searched({ data, time }: Received<typeof EmptySearchesCounted>, tx: Tx): Promise<void> {
    await this.access.saveSearches(tx, data, time);
  }
}
