import { DAY, plusMs } from '@slotmesh/kernel';
import type { Tx } from '@slotmesh/persistence';
import { z } from 'zod';
import type { AnswerableVisit } from '../domain/visit-of-answer';
import type { Reply } from './read-reply';

const asked = z.enum(['confirm', 'cancel', 'move']);
export type Asked = z.output<typeof asked>;
const options = z.array(z.object({ appointment: z.uuid(), revision: z.int(), message: z.uuid(), patient: z.uuid() }));

export async function rememberChoice(tx: Tx, reply: Pick<Reply, 'host' | 'idx'>, answer: Asked, visits: readonly AnswerableVisit[]): Promise<void> {
  const listed = visits.map(({ appointment, current, message, patient }) => ({ appointment, revision: current.revision, message, patient }));
  await tx.execute(
    `INSERT INTO pending_choice (host, idx, answer, options, expires_at) VALUES ($1, $2, $3, $4::jsonb, $5)
     ON CONFLICT (host, idx) DO UPDATE SET answer = excluded.answer, options = excluded.options, expires_at = excluded.expires_at`,
    [reply.host, reply.idx, answer, JSON.stringify(listed), new Date(plusMs(tx.now, DAY))],
  );
}

/** The visit that a number names, of those that were last listed to this phone; null: none were, or not so many. */
export async function takeChoice(tx: Tx, reply: Pick<Reply, 'host' | 'idx'>, number: number): Promise<{ appointment: string; revision: number; answer: Asked } | null> {
  const [row] = await tx.query<{ answer: string; options: unknown; expires_at: Date }>('SELECT answer, options, expires_at FROM pending_choice WHERE host = $1 AND idx = $2 AND expires_at > $3 FOR UPDATE', [reply.host, reply.idx, new Date(tx.now)]);
  const option = row ? options.parse(row.options)[number - 1] : undefined;
  if (!row || !option) return null;
  // Why: a number answers what was asked last, and a mark for a visit must not call off another.
  const newer = await tx.query(
    `SELECT FROM attempt WHERE idx = $1 AND host = $2 AND channel = 'sms' AND template = 'feedback-question' AND state IN ('intent', 'accepted', 'unknown') AND intent_at > $3 LIMIT 1`, [reply.idx, reply.host, new Date(row.expires_at.getTime() - DAY)]);
  if (newer.length > 0) return null;
  await tx.execute('DELETE FROM pending_choice WHERE host = $1 AND idx = $2', [reply.host, reply.idx]);
  return { ...option, answer: asked.parse(row.answer) };
}
