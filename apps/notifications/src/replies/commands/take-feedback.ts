import { FeedbackGiven, appointmentId, messageId, patientId, practiceId } from '@slotmesh/contracts';
import { DAY, formatInstant, newId, plusMs } from '@slotmesh/kernel';
import { type Tx, eventOf } from '@slotmesh/persistence';
import { z } from 'zod';
import { answerTemplates } from '../../messages/domain/fence';
import type { Reply, ReplyEffect } from './read-reply';

const askedForFeedback = z.object({ message: messageId, template: z.string(), patient: patientId.nullable(), appointment: appointmentId.nullable(), recent: z.boolean() });
const FEEDBACK_COUNTS_FOR = 7 * DAY;

/** The answer to the question how a visit was, where that is the last that this phone was asked. */
export async function takeFeedback(tx: Tx, reply: Pick<Reply, 'host' | 'idx' | 'received_at'>, score: number): Promise<Partial<ReplyEffect> | null> {
  const [row] = await tx.query(
    `SELECT t.message_id AS message, t.template, m.patient, t.subjects -> 0 ->> 'id' AS appointment, t.intent_at > $3 AS recent FROM attempt t JOIN message m ON m.id = t.message_id
     WHERE t.idx = $1 AND t.host = $2 AND t.channel = 'sms' AND t.state IN ('intent', 'accepted', 'unknown') AND t.template <> ALL ($4::text[]) ORDER BY t.intent_at DESC, t.id DESC LIMIT 1`,
    [reply.idx, reply.host, new Date(plusMs(tx.now, -FEEDBACK_COUNTS_FOR)), [...answerTemplates]],
  );
  const asked = row ? askedForFeedback.parse(row) : null;
  if (asked?.template !== 'feedback-question' || !asked.recent || asked.appointment === null || asked.patient === null || score > 5) return null;
  const { message, patient, appointment } = asked;
  const host = practiceId.parse(reply.host);
  const id = newId();
  tx.outbox.add(eventOf(FeedbackGiven, { key: appointment, host }, { id, host, patient, message, appointment, score, at: formatInstant(reply.received_at) }));
  return { answer: id, patient, appointment };
}
