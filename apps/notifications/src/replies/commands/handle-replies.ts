import { Injectable, Logger } from '@nestjs/common';
import { type Instant, MINUTE, SECOND, instantOfDate, plusMs } from '@slotmesh/kernel';
import { type Tx, UnitOfWork, isInfrastructureFailure, workerFor } from '@slotmesh/persistence';
import { z } from 'zod';
import { tellReceived } from '../../conversations/commands/inbox-events';
import { ReadReply, type Reply } from './read-reply';

const BATCH = 20;

const row = z.object({ id: z.uuid(), message_sid: z.string(), host: z.string().nullable(), to_number: z.string(), idx: z.string(), sealed_from: z.string(), sealed_text: z.string(), opt_out_type: z.string().nullable(), received_at: z.date().transform(instantOfDate), attempts: z.int() });

/** Works off stored texts, each once, in the order in which they came. One that fails is tried again with a growing pause and holds no other back. */
@Injectable()
export class HandleReplies {
  private readonly logger = new Logger('replies');

  constructor(private readonly work: UnitOfWork, private readonly read: ReadReply) {}

  async execute(): Promise<number> {
    const due = await this.work.run(workerFor('replies', null), (tx) =>
      tx.query<{ id: string }>('SELECT id FROM reply WHERE NOT handled AND (retry_at IS NULL OR retry_at <= $1) ORDER BY received_at, id LIMIT $2', [new Date(tx.now), BATCH]));
    for (const { id } of due) {
      try {
        await this.work.run(workerFor('replies', null), (tx) => this.one(tx, id));
      } catch (error) {
        if (isInfrastructureFailure(error)) throw error;
        this.logger.error({ reply: id, error: error instanceof Error ? error.name : 'unknown', at: error instanceof Error ? error.stack?.split('\n').slice(1, 4) : null }, 'a text could not be handled and is tried again');
        await this.work.run(workerFor('replies', null), (tx) => later(tx, id, 0));
      }
    }
    return due.length;
  }

  async due(): Promise<{ dueNow: boolean; nextDue: Instant | null }> {
    return this.work.run(workerFor('replies', null), async (tx) => {
      const [found] = await tx.query<{ now: boolean; next: Date | null }>(
        `SELECT coalesce(bool_or(retry_at IS NULL OR retry_at <= $1), false) AS now, min(retry_at) FILTER (WHERE retry_at > $1) AS next FROM reply WHERE NOT handled`,
        [new Date(tx.now)],
      );
      return { dueNow: found?.now ?? false, nextDue: found?.next ? instantOfDate(found.next) : null };
    });
  }

  private async one(tx: Tx, id: string): Promise<void> {
    const [found] = await tx.query(
      `SELECT r.id, r.message_sid, coalesce(r.host, (SELECT p.id FROM practice p WHERE p.sender_number = r.to_number ORDER BY p.id LIMIT 1)) AS host, r.to_number, r.idx, r.sealed_from, r.sealed_text, r.opt_out_type, r.received_at, r.attempts
       FROM reply r WHERE r.id = $1 AND NOT r.handled FOR UPDATE OF r SKIP LOCKED`,
      [id],
    );
    if (!found) return;
    const { host, ...reply } = row.parse(found);
    if (host === null) {
      // Why not later: STOP holds for all senders, whoever's number it was sent to (P17). The rest waits until the practice is known.
      if (reply.attempts === 0) await this.read.withoutPractice(tx, reply);
      return later(tx, id, reply.attempts);
    }
    const done = await this.read.execute(tx, { ...reply, host } satisfies Reply);
    await tx.execute('UPDATE reply SET handled = true, host = $2, meaning = $3, effect = $4, patient = $5, answer_id = $6, appointment = $7 WHERE id = $1', [id, host, done.meaning, done.effect, done.patient, done.answer, done.appointment]);
    tellReceived(tx, { id, host, effect: done.effect, about: done.about, receivedAt: reply.received_at });
  }
}

async function later(tx: Tx, id: string, attempts: number): Promise<void> {
  await tx.execute('UPDATE reply SET attempts = attempts + 1, retry_at = $2 WHERE id = $1', [id, new Date(plusMs(tx.now, Math.min(5 * SECOND * 2 ** attempts, 10 * MINUTE)))]);
}
