import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { instantOfDate, plusMs } from '@slotmesh/kernel';
import { type Tx, UnitOfWork, onBehalfOf } from '@slotmesh/persistence';
import type { StaffCaller } from '@slotmesh/security';
import { z } from 'zod';
import { IntakeKeys } from '../../providers/intake-keys';
import { answerByText } from '../../replies/commands/answer-message';
import { segmentsOf, toGsm7IfItCan } from '../../templates/gsm7';
import { ConversationOver, ConversationUnknown, PhoneStopped, TextTooLong } from '../domain/conversation.errors';
import { ANSWER_WITHIN, MOST_SEGMENTS } from '../domain/inbox';
import { settleTexts } from './inbox-events';

export const textBody = z.object({ text: z.string().trim().min(1, 'must hold a text').max(1_000) });
const lastText = z.object({ id: z.uuid(), to_number: z.string(), sealed_from: z.string(), received_at: z.date().transform(instantOfDate), patient: z.uuid().nullable(), opted_out: z.boolean() });

/**
 * What somebody at the desk answers to a patient's text: it goes at once, as every answer does (P15), through the same fence, pace and evidence as all messages.
 * What the phone wrote up to then is read with it. The same `key` again gives the same message and reads nothing. Throws ConversationUnknown, ConversationOver, PhoneStopped, TextTooLong.
 */
@Injectable()
export class AnswerConversation {
  constructor(private readonly work: UnitOfWork, private readonly keys: IntakeKeys) {}

  execute(caller: StaffCaller, phone: string, { text }: z.output<typeof textBody>, key: string): Promise<{ message: string }> {
    const { segments } = segmentsOf(toGsm7IfItCan(text));
    if (segments > MOST_SEGMENTS) throw new TextTooLong(segments, MOST_SEGMENTS);
    return this.work.run(onBehalfOf(caller.actor), async (tx) => {
      const [row] = await tx.query(
        `SELECT r.id, r.to_number, r.sealed_from, r.received_at, r.patient, k.opted_out_at IS NOT NULL AS opted_out FROM reply r LEFT JOIN contact_point k ON k.channel = 'sms' AND k.idx = r.idx
         WHERE r.idx = $1 AND r.host = $2 AND r.handled ORDER BY r.received_at DESC, r.id DESC LIMIT 1`, [phone, caller.practice]);
      const last = row ? lastText.parse(row) : null;
      if (!last || last.sealed_from === '') throw new ConversationUnknown();
      if (last.opted_out) throw new PhoneStopped();
      if (tx.now > plusMs(last.received_at, ANSWER_WITHIN)) throw new ConversationOver();
      const answerTo = answerIdOf(caller.practice, phone, key);
      const before = await messageTo(tx, answerTo);
      if (before !== null) return { message: before };
      await answerByText(tx, {
        host: caller.practice, patient: last.patient, template: 'desk-text', to: { idx: phone, sealed: last.sealed_from }, answerTo, visits: [], sealedText: this.keys.seal(last.to_number, 'text', text),
      });
      const message = await messageTo(tx, answerTo);
      if (message === null) throw new Error('the answer was not kept');
      const read = await settleTexts(tx, { practice: caller.practice, phone, upTo: last.id, by: caller.actor.subject });
      tx.audit.record({ action: 'conversation.answered', entity: 'message', entityId: message, patient: last.patient, details: { characters: text.length, read } });
      return { message };
    });
  }
}

async function messageTo(tx: Tx, answerTo: string): Promise<string | null> {
  const [row] = await tx.query<{ id: string }>('SELECT id FROM message WHERE answer_to = $1', [answerTo]);
  return row?.id ?? null;
}

/** One id for one key of one practice and phone (RFC 9562 version 8). */
function answerIdOf(practice: string, phone: string, key: string): string {
  const hex = createHash('sha256').update(JSON.stringify([practice, phone, key])).digest('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}
