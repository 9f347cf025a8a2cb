import { Injectable } from '@nestjs/common';
import { type Tx, UnitOfWork } from '@slotmesh/persistence';
import type { StaffCaller } from '@slotmesh/security';
import { formatInstant, instantOfDate } from '@slotmesh/kernel';
import { z } from 'zod';

const at = z.date().transform((date) => formatInstant(instantOfDate(date)));
export const messageStates = ['pending', 'sending', 'sent', 'delivered', 'undelivered', 'skipped', 'call-list', 'unknown', 'merged'] as const;
export const messagesQuery = z.object({
  appointment: z.uuid().optional(),
  state: z.enum(messageStates, `must be one of ${messageStates.join(', ')}`).optional(),
  /** `nextCursor` of the page before. */
  cursor: z.uuid('must be the nextCursor of an earlier page').optional(),
  limit: z.coerce.number().int().min(1).max(100).default(50),
});
const shown = z.object({
  id: z.uuid(), request: z.uuid().nullable(), patient: z.uuid().nullable(), class: z.string(), template: z.string(), channels: z.array(z.string()), state: z.string(), reason: z.string().nullable(),
  notBefore: at, expiresAt: at.nullable(), createdAt: at,
  subjects: z.array(z.object({ kind: z.string(), id: z.uuid(), revision: z.int(), step: z.string(), outcome: z.string().nullable(), reason: z.string().nullable(), channel: z.string().nullable() })),
});
export type ShownMessage = z.output<typeof shown>;

export const MESSAGE_COLUMNS = `m.id, m.request_id AS request, m.patient, m.class, m.template, m.channels, m.state, m.reason, m.not_before AS "notBefore", m.expires_at AS "expiresAt", m.created_at AS "createdAt",
  coalesce((SELECT jsonb_agg(jsonb_build_object('kind', s.kind, 'id', s.id, 'revision', s.revision, 'step', s.step, 'outcome', s.outcome, 'reason', s.outcome_reason, 'channel', s.outcome_channel) ORDER BY s.position) FROM message_subject s WHERE s.message_id = m.id), '[]') AS subjects`;
export const readMessage = (row: unknown): ShownMessage => shown.parse(row);

/** Messages of the caller's practice, newest first. They hold ids and codes; what a text said is shown with one message only. */
@Injectable()
export class ListMessages {
  constructor(private readonly work: UnitOfWork) {}

  execute(caller: StaffCaller, { appointment, state, cursor, limit }: z.output<typeof messagesQuery>): Promise<{ items: ShownMessage[]; nextCursor: string | null }> {
    return this.work.run(caller.actor, async (tx: Tx) => {
      const rows = await tx.query(
        `SELECT ${MESSAGE_COLUMNS} FROM message m
         WHERE ($1::uuid IS NULL OR EXISTS (SELECT FROM message_subject s WHERE s.message_id = m.id AND s.id = $1)) AND ($2::text IS NULL OR m.state = $2) AND ($3::uuid IS NULL OR m.id < $3)
         ORDER BY m.id DESC LIMIT $4`,
        [appointment ?? null, state ?? null, cursor ?? null, limit + 1],
      );
      const items = rows.slice(0, limit).map(readMessage);
      tx.audit.record({ action: 'messages.list', entity: 'message', entityId: appointment ?? 'all', details: { count: items.length } });
      return { items, nextCursor: rows.length > limit ? (items.at(-1)?.id ?? null) : null };
    });
  }
}
