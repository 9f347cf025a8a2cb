import { Injectable } from '@nestjs/common';
import { practiceId } from '@slotmesh/contracts';
import { UnitOfWork, workerFor } from '@slotmesh/persistence';
import { remindersOfFamily, takeIn } from '../persistence/family-rows';
import { type MessageRow, lockMessage } from '../persistence/message-rows';

/** A text has room for so many visits, and an answer names one of so many. */
const MOST_SUBJECTS = 3;

/** Visits of the children of one parent on one day leave as one text to the parent's phone (47 CFR 64.1200(a)(9)(iv) counts texts, and so do parents). */
@Injectable()
export class JoinReminders {
  constructor(private readonly work: UnitOfWork) {}

  /** The batch, with what was joined left out and the others as they are now. Whoever had a joined one in hand finds it gone. */
  async execute(batch: readonly MessageRow[]): Promise<MessageRow[]> {
    const reminders = batch.filter(({ template }) => template === 'visit-reminder').map(({ id }) => id);
    if (reminders.length === 0) return [...batch];
    const pairs = await this.work.run(workerFor('sender', null), (tx) => remindersOfFamily(tx, reminders));
    const left = new Map(batch.map((message) => [message.id, message]));
    for (const leader of new Set(pairs.map((pair) => pair.leader))) {
      const message = left.get(leader);
      if (!message) continue;
      const { row, joined } = await this.join(message, pairs.filter((pair) => pair.leader === leader).map(({ other }) => other));
      joined.forEach((id) => left.delete(id));
      if (row) left.set(leader, row);
    }
    return [...left.values()];
  }

  private join({ id, host }: MessageRow, others: readonly string[]): Promise<{ row: MessageRow | null; joined: readonly string[] }> {
    return this.work.run(workerFor('sender', practiceId.parse(host)), async (tx) => {
      const leader = await lockMessage(tx, id);
      if (leader?.state !== 'pending') return { row: leader, joined: [] };
      // Why skipped where locked: another process may be joining them the other way round, and nobody waits for a digest.
      const free = await tx.query<{ id: string; subjects: string }>(
        `SELECT m.id, (SELECT count(*) FROM message_subject s WHERE s.message_id = m.id) AS subjects FROM message m WHERE m.id = ANY ($1::uuid[]) AND m.state = 'pending' ORDER BY m.visit_start, m.id FOR UPDATE SKIP LOCKED`, [others]);
      let room = MOST_SUBJECTS - leader.subjects.length;
      const joined = free.filter(({ subjects }) => Number(subjects) <= room && (room -= Number(subjects)) >= 0).map((other) => other.id);
      await takeIn(tx, id, joined);
      return { row: await lockMessage(tx, id), joined };
    });
  }
}
