import type { Tx } from '@slotmesh/persistence';
import { lockMessage } from '../../messages/persistence/message-rows';
import { recordOutcome } from '../../messages/persistence/outcomes';
import type { AnswerableVisit } from '../domain/visit-of-answer';

export const openVisits = (visits: readonly AnswerableVisit[]): AnswerableVisit[] => visits.filter(({ kind, current }) => kind === 'appointment' && (current.status === 'booked' || current.status === 'pending'));

/** The desk phones about visits that were written about: the bare word CANCEL may have meant the visit, and whose number is wrong does not know of it. */
export async function callAbout(tx: Tx, host: string, visits: readonly AnswerableVisit[], reason: 'cancel-word' | 'wrong-number'): Promise<void> {
  for (const { appointment } of visits) {
    const [newest] = await tx.query<{ id: string }>('SELECT m.id FROM message m JOIN message_subject s ON s.message_id = m.id WHERE s.id = $1 AND m.host = $2 AND m.request_id IS NOT NULL ORDER BY m.id DESC LIMIT 1', [appointment, host]);
    const row = newest ? await lockMessage(tx, newest.id) : null;
    if (row) await recordOutcome(tx, row, [appointment], { outcome: 'call-list', reason, channel: 'sms' });
  }
}
