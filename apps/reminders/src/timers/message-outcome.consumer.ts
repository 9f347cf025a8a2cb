import { Controller } from '@nestjs/common';
import { MessageOutcomeRecorded } from '@slotmesh/contracts';
import { OnEvent, type Received } from '@slotmesh/messaging';
import type { Tx } from '@slotmesh/persistence';
import { RecordOutcome } from './commands/record-outcome';

@Controller()
export class MessageOutcomeConsumer {
  constructor(private readonly record: RecordOutcome) {}

  @OnEvent(MessageOutcomeRecorded)
  async handle(event: Received<typeof MessageOutcomeRecorded>, tx: Tx): Promise<void> {
    await this.record.execute(tx, event.data);
  }
}
