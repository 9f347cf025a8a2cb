import { Controller } from '@nestjs/common';
import { MessageCosted, MessageOutcomeRecorded, MessageRequested } from '@slotmesh/contracts';
import { OnEvent, type Received } from '@slotmesh/messaging';
import type { Tx } from '@slotmesh/persistence';
import { MessageRepository } from './persistence/message.repository';

@Controller()
export class MessageConsumer {
  constructor(private readonly messages: MessageRepository) {}

  @OnEvent(MessageRequested)
  async requested({ data, time }: Received<typeof MessageRequested>, tx: Tx): Promise<void> {
    await this.messages.requested(tx, data, time);
  }

  @OnEvent(MessageOutcomeRecorded)
  async became({ data, time }: Received<typeof MessageOutcomeRecorded>, tx: Tx): Promise<void> {
    await this.messages.became(tx, data, time);
  }

  @OnEvent(MessageCosted)
  async costed({ data, time }: Received<typeof MessageCosted>, tx: Tx): Promise<void> {
    await this.messages.costed(tx, data, time);
  }
}
