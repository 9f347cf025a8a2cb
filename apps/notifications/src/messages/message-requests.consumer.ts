import { Controller } from '@nestjs/common';
import { MessageRequested } from '@slotmesh/contracts';
import { OnEvent, type Received } from '@slotmesh/messaging';
import type { Tx } from '@slotmesh/persistence';
import { AcceptRequest } from './commands/accept-request';

@Controller()
export class MessageRequestsConsumer {
  constructor(private readonly accept: AcceptRequest) {}

  @OnEvent(MessageRequested)
  async handle({ data }: Received<typeof MessageRequested>, tx: Tx): Promise<void> {
    await this.accept.execute(tx, data);
  }
}
