import { Injectable } from '@nestjs/common';
import { formatInstant, instantOfDate } from '@slotmesh/kernel';
import { UnitOfWork } from '@slotmesh/persistence';
import { DeskReadings, type StaffCaller } from '@slotmesh/security';
import { z } from 'zod';
import { INBOX_EFFECTS } from '../../conversations/domain/inbox';
import { IntakeKeys } from '../../providers/intake-keys';

export const repliesQuery = z.object({
  patient: z.uuid().optional(), appointment: z.uuid().optional(),
  /** `inbox`: only those that a person should read. */
  box: z.enum(['all', 'inbox']).default('all'),
  cursor: z.uuid('must be the nextCursor of an earlier page').optional(), limit: z.coerce.number().int().min(1).max(100).default(50),
});
const row = z.object({
  id: z.uuid(), message_sid: z.string(), to_number: z.string(), sealed_from: z.string(), sealed_text: z.string(), received_at: z.date(), handled: z.boolean(), meaning: z.string().nullable(), effect: z.string().nullable(),
  patient: z.uuid().nullable(), answer_id: z.uuid().nullable(), appointment: z.uuid().nullable(),
});
export interface ShownReply {
  readonly id: string; readonly messageSid: string; readonly from: string | null; readonly text: string | null; readonly receivedAt: string; readonly handled: boolean;
  readonly meaning: string | null; readonly effect: string | null; readonly patient: string | null; readonly answer: string | null; readonly appointment: string | null;
}

/** The practice's inbox: what patients wrote, what it was taken for and what was done. An erased patient's words are gone. */
@Injectable()
export class ListReplies {
  constructor(private readonly work: UnitOfWork, private readonly keys: IntakeKeys, private readonly readings: DeskReadings) {}

  async execute(caller: StaffCaller, query: z.output<typeof repliesQuery>): Promise<{ items: ShownReply[]; nextCursor: string | null }> {
    const { items, nextCursor } = await this.page(caller, caller.actor.deputy ? { ...query, box: 'inbox' } : query);
    const shown = await this.readings.shown(caller.actor, 'inbox', items, ({ id, patient }) => ({ id, patient }));
    // Why: of a patient who is not shown, a further page would tell that there are texts.
    return { items: shown, nextCursor: (query.patient ?? query.appointment) !== undefined && shown.length === 0 ? null : nextCursor };
  }

  private page(caller: StaffCaller, { patient, appointment, box, cursor, limit }: z.output<typeof repliesQuery>): Promise<{ items: ShownReply[]; nextCursor: string | null }> {
    return this.work.run(caller.actor, async (tx) => {
      const rows = z.array(row).parse(await tx.query(
        `SELECT id, message_sid, to_number, sealed_from, sealed_text, received_at, handled, meaning, effect, patient, answer_id, appointment FROM reply
         WHERE ($1::uuid IS NULL OR patient = $1) AND ($2::uuid IS NULL OR appointment = $2) AND ($3 = 'all' OR effect = ANY ($6::text[])) AND ($4::uuid IS NULL OR id < $4)
         ORDER BY id DESC LIMIT $5`,
        [patient ?? null, appointment ?? null, box, cursor ?? null, limit + 1, [...INBOX_EFFECTS]],
      ));
      const items = rows.slice(0, limit).map((r): ShownReply => ({
        id: r.id, messageSid: r.message_sid, from: this.open(r.to_number, 'from', r.sealed_from), text: this.open(r.to_number, 'text', r.sealed_text), receivedAt: formatInstant(instantOfDate(r.received_at)), handled: r.handled,
        meaning: r.meaning, effect: r.effect, patient: r.patient, answer: r.answer_id, appointment: r.appointment,
      }));
      tx.audit.record({ action: 'replies.list', entity: 'reply', entityId: appointment ?? patient ?? 'all', patient: patient ?? null, details: { count: items.length } });
      return { items, nextCursor: rows.length > limit ? (items.at(-1)?.id ?? null) : null };
    });
  }

  private open(number: string, field: 'from' | 'text', sealed: string): string | null {
    return sealed === '' ? null : this.keys.unseal(number, field, sealed);
  }
}
