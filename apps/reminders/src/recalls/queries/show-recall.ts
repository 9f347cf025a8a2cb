import { Injectable } from '@nestjs/common';
import type { Instant, RecallId } from '@slotmesh/kernel';
import { type Actor, UnitOfWork, unseal } from '@slotmesh/persistence';
import { PatientKeys } from '../../call-list/patient-keys';
import type { Recall } from '../domain/recall';
import { RecallUnknown } from '../domain/recall.errors';
import { RecallMessageRepository, type ShownRecallMessage } from '../persistence/recall-message.repository';
import { RecallRepository } from '../persistence/recall.repository';
import { RecallTimerRepository } from '../persistence/recall-timer.repository';

/** One recall with what staff wrote, what became of its messages, and when the next one goes. Throws RecallUnknown. */
@Injectable()
export class ShowRecall {
  constructor(private readonly work: UnitOfWork, private readonly recalls: RecallRepository, private readonly messages: RecallMessageRepository, private readonly timers: RecallTimerRepository, private readonly keys: PatientKeys) {}

  async execute(actor: Actor, id: RecallId): Promise<{ recall: Recall; note: string | null; messages: ShownRecallMessage[]; nextMessageAt: Instant | null }> {
    const { recall, messages, nextMessageAt } = await this.work.run(actor, async (tx) => {
      const found = await this.recalls.find(tx, id);
      if (!found) throw new RecallUnknown();
      tx.audit.record({ action: 'recall.read', entity: 'recall', entityId: id, patient: found.patient, details: { note: found.sealedNote !== null } });
      return { recall: found, messages: await this.messages.of(tx, id), nextMessageAt: await this.timers.of(tx, id) };
    });
    const key = recall.sealedNote === null ? null : await this.keys.find(recall.patient);
    return { recall, messages, nextMessageAt, note: key && recall.sealedNote !== null ? unseal(key, recall.sealedNote, `${recall.patient}:recallNote`) : null };
  }
}
