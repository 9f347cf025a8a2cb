import { Controller } from '@nestjs/common';
import { FeedbackGiven } from '@slotmesh/contracts';
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
}
