import { Injectable } from '@nestjs/common';
import { UnitOfWork, onBehalfOf } from '@slotmesh/persistence';
import type { StaffCaller } from '@slotmesh/security';
import { z } from 'zod';
import { ConversationUnknown } from '../domain/conversation.errors';
import { settleTexts } from './inbox-events';

export const readBody = z.object({
  /** The newest text that was on the screen: what came after it stays unread. */
  upTo: z.uuid('must be the id of a text of this conversation'),
});

/** Somebody has read a phone's texts. Reading them again changes nothing. Throws ConversationUnknown. */
@Injectable()
export class MarkRead {
  constructor(private readonly work: UnitOfWork) {}

  async execute(caller: StaffCaller, phone: string, { upTo }: z.output<typeof readBody>): Promise<{ read: number }> {
    return this.work.run(onBehalfOf(caller.actor), async (tx) => {
      const [last] = await tx.query<{ patient: string | null }>('SELECT patient FROM reply WHERE id = $1 AND idx = $2 AND host = $3', [upTo, phone, caller.practice]);
      if (!last) throw new ConversationUnknown();
      const read = await settleTexts(tx, { practice: caller.practice, phone, upTo, by: caller.actor.subject });
      if (read > 0) tx.audit.record({ action: 'conversation.marked-read', entity: 'contact-point', entityId: phone, patient: last.patient, details: { upTo, read } });
      return { read };
    });
  }
}
