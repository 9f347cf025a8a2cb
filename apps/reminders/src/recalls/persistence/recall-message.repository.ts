import { Injectable } from '@nestjs/common';
import type { EventData, MessageOutcomeRecorded } from '@slotmesh/contracts';
import { type MessageRequestId, type RecallId, formatInstant, instantOfDate } from '@slotmesh/kernel';
import type { Sql, Tx } from '@slotmesh/persistence';
import { z } from 'zod';
import type { Recall } from '../domain/recall';

const text = z.date().transform((at) => formatInstant(instantOfDate(at)));
const shown = z.object({ revision: z.int(), step: z.string(), state: z.string(), reason: z.string().nullable(), channel: z.string().nullable(), message: z.string().nullable(), askedAt: text, at: text });
export type ShownRecallMessage = z.output<typeof shown>;

/** What became of each message of a recall (P14). */
@Injectable()
export class RecallMessageRepository {
  async requested(tx: Tx, { id, practice, revision }: Recall, step: string, request: MessageRequestId): Promise<void> {
    await tx.execute(`INSERT INTO recall_message (recall_id, practice, revision, step, state, request_id, asked_at, at) VALUES ($1, $2, $3, $4, 'requested', $5, $6, $6)`, [id, practice, revision, step, request, formatInstant(tx.now)]);
  }

  async called(tx: Tx, { id, practice, revision }: Recall, step: string, reason: string): Promise<void> {
    await tx.execute(`INSERT INTO recall_message (recall_id, practice, revision, step, state, reason, asked_at, at) VALUES ($1, $2, $3, $4, 'call-list', $5, $6, $6)`, [id, practice, revision, step, reason, formatInstant(tx.now)]);
  }

  /** Records of one message come in order, so the last word counts. */
  async report(tx: Tx, { subject, outcome, reason, channel, id, at }: EventData<typeof MessageOutcomeRecorded>): Promise<void> {
    await tx.execute('UPDATE recall_message SET state = $4, reason = $5, channel = $6, message_id = $7, at = $8 WHERE recall_id = $1 AND revision = $2 AND step = $3', [subject.id, subject.revision, subject.step, outcome, reason, channel, id, formatInstant(at)]);
  }

  async of(sql: Sql, recall: RecallId): Promise<ShownRecallMessage[]> {
    const rows = await sql.query('SELECT revision, step, state, reason, channel, message_id AS message, asked_at AS "askedAt", at FROM recall_message WHERE recall_id = $1 ORDER BY asked_at, revision, step', [recall]);
    return rows.map((row) => shown.parse(row));
  }
}
