import { Injectable } from '@nestjs/common';
import type { EventData, FeedbackGiven, InboxReceived, InboxSettled } from '@slotmesh/contracts';
import { toDate } from '@slotmesh/kernel';
import type { Tx } from '@slotmesh/persistence';

/** What notifications hears from patients about visits, as far as a standard is measured by it. What is about no visit of that host is not kept. */
@Injectable()
export class PatientWordRepository {
  /** The last answer counts, in whatever order they come. */
  async feedback(tx: Tx, { appointment, host, score, at }: EventData<typeof FeedbackGiven>): Promise<void> {
    await tx.execute(
      `INSERT INTO visit_feedback (appointment_id, practice_id, score, answered_at) SELECT a.id, a.host_id, $3, $4 FROM appointment a WHERE a.id = $1 AND a.host_id = $2
       ON CONFLICT (appointment_id) DO UPDATE SET score = excluded.score, answered_at = excluded.answered_at WHERE visit_feedback.answered_at <= excluded.answered_at`, [appointment, host, score, toDate(at)]);
  }

  async received(tx: Tx, { id, host, appointment, receivedAt }: EventData<typeof InboxReceived>): Promise<void> {
    if (appointment === null) return;
    await tx.execute('INSERT INTO visit_text (id, appointment_id, practice_id, received_at) SELECT $1, a.id, a.host_id, $4 FROM appointment a WHERE a.id = $2 AND a.host_id = $3 ON CONFLICT (id) DO NOTHING', [id, appointment, host, toDate(receivedAt)]);
  }

  async settled(tx: Tx, { id, host, settledAt }: EventData<typeof InboxSettled>): Promise<void> {
    await tx.execute('UPDATE visit_text SET settled_at = $3 WHERE id = $1 AND practice_id = $2 AND settled_at IS NULL', [id, host, toDate(settledAt)]);
  }
}
