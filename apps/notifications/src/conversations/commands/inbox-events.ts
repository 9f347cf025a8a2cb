import { InboxReceived, InboxSettled, appointmentId, practiceId } from '@slotmesh/contracts';
import { type Instant, formatInstant, instantOfDate, toDate } from '@slotmesh/kernel';
import { type Tx, eventOf } from '@slotmesh/persistence';
import { z } from 'zod';
import { INBOX_EFFECTS } from '../domain/inbox';

const isForInbox = (effect: string | null): boolean => INBOX_EFFECTS.some((one) => one === effect);
const settled = z.object({ id: z.uuid(), received_at: z.date().transform(instantOfDate), effect: z.string().nullable() });

/** Tells that a text came, where somebody at the desk should read it. */
export function tellReceived(tx: Tx, text: { readonly id: string; readonly host: string; readonly effect: string; readonly about: string | null; readonly receivedAt: Instant }): void {
  if (!isForInbox(text.effect)) return;
  const host = practiceId.parse(text.host);
  tx.outbox.add(eventOf(InboxReceived, { key: text.id, host }, { id: text.id, host, appointment: text.about === null ? null : appointmentId.parse(text.about), receivedAt: formatInstant(text.receivedAt) }));
}

/** Marks a phone's texts as read, up to one and with it, and tells of each that somebody had to read. Returns how many had not been read before. */
export async function settleTexts(tx: Tx, { practice, phone, upTo, by }: { readonly practice: string; readonly phone: string; readonly upTo: string; readonly by: string }): Promise<number> {
  const rows = z.array(settled).parse(await tx.query(
    `WITH now_read AS (UPDATE reply SET read_at = $4, read_by = $5 WHERE host = $1 AND idx = $2 AND handled AND read_at IS NULL AND (received_at, id) <= (SELECT r.received_at, r.id FROM reply r WHERE r.id = $3) RETURNING id, received_at, effect)
     SELECT id, received_at, effect FROM now_read ORDER BY received_at, id`,
    [practice, phone, upTo, toDate(tx.now), by]));
  const host = practiceId.parse(practice);
  for (const { id, received_at } of rows.filter(({ effect }) => isForInbox(effect))) {
    tx.outbox.add(eventOf(InboxSettled, { key: id, host }, { id, host, receivedAt: formatInstant(received_at), settledAt: formatInstant(tx.now) }));
  }
  return rows.length;
}
