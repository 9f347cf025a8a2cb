import { Controller } from '@nestjs/common';
import { FeedbackGiven, InboxReceived, InboxSettled } from '@slotmesh/contracts';
import { OnEvent, type Received } from '@slotmesh/messaging';
import type { Tx } from '@slotmesh/persistence';
import { PatientWordRepository } from './persistence/patient-word.repository';

@Controller()
export class PatientWordConsumer {
  constructor(private readonly words: PatientWordRepository) {}

  @OnEvent(FeedbackGiven)
  async feedback({ data }: Received<typeof FeedbackGiven>, tx: Tx): Promise<void> {
    await this.words.feedback(tx, data);
  }

  @OnEvent(InboxReceived)
  async received({ data }: Received<typeof InboxReceived>, tx: Tx): Promise<void> {
    await this.words.received(tx, data);
  }

  @OnEvent(InboxSettled)
  async settled({ data }: Received<typeof InboxSettled>, tx: Tx): Promise<void> {
    await this.words.settled(tx, data);
  }
}
