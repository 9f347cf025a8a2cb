import { Injectable } from '@nestjs/common';
import { toDate } from '@slotmesh/kernel';
import { UnitOfWork, onBehalfOf } from '@slotmesh/persistence';
import type { StaffCaller } from '@slotmesh/security';
import { z } from 'zod';
import { ConversationUnknown } from '../domain/conversation.errors';

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
      const read = await tx.execute(
        'UPDATE reply SET read_at = $4, read_by = $5 WHERE host = $1 AND idx = $2 AND handled AND read_at IS NULL AND (received_at, id) <= (SELECT r.received_at, r.id FROM reply r WHERE r.id = $3)',
        [caller.practice, phone, upTo, toDate(tx.now), caller.actor.subject]);
      if (read > 0) tx.audit.record({ action: 'conversation.marked-read', entity: 'contact-point', entityId: phone, patient: last.patient, details: { upTo, read } });
      return { read };
    });
  }
}
