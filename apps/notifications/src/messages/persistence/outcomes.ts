import { MessageOutcomeRecorded, practiceId } from '@slotmesh/contracts';
import { formatInstant } from '@slotmesh/kernel';
import { type Tx, eventOf } from '@slotmesh/persistence';
import { Counter, register } from 'prom-client';
import type { Channel } from '../domain/fence';
import type { MessageRow } from './message-rows';

export type Outcome = 'sent' | 'delivered' | 'undelivered' | 'skipped' | 'call-list' | 'unknown';

/** Counted when the transaction is about to end; a transaction that runs again after a deadlock may count twice. */
export const notificationsTotal = new Counter({ name: 'notifications_total', help: 'What became of messages, by channel and outcome.', labelNames: ['channel', 'outcome'] as const, registers: [register] });

/** Records what became of a message for some of its subjects and tells reminders, once per change. */
export async function recordOutcome(tx: Tx, message: MessageRow, subjects: readonly string[], what: { readonly outcome: Outcome; readonly reason: string | null; readonly channel: Channel | null }): Promise<void> {
  notificationsTotal.inc({ channel: what.channel ?? 'none', outcome: what.outcome });
  const changed = message.subjects.filter(({ id, ...had }) => subjects.includes(id) && (had.outcome !== what.outcome || had.reason !== what.reason || had.channel !== what.channel));
  for (const subject of changed) {
    const request = subject.request ?? message.request_id;
    const patient = subject.patient ?? message.patient;
    if (request === null || patient === null) continue;
    const host = practiceId.parse(message.host);
    tx.outbox.add(
      eventOf(MessageOutcomeRecorded, { key: message.id, host, booking: practiceId.parse(message.booking) }, {
        id: message.id, request, host, patient, subject: { kind: subject.kind, id: subject.id, revision: subject.revision, step: subject.step },
        channel: what.channel, outcome: what.outcome, reason: what.reason, at: formatInstant(tx.now),
      }),
    );
  }
  await Promise.all(changed.map(({ id }) => tx.execute('UPDATE message_subject SET outcome = $3, outcome_reason = $4, outcome_channel = $5 WHERE message_id = $1 AND id = $2', [message.id, id, what.outcome, what.reason, what.channel])));
}
