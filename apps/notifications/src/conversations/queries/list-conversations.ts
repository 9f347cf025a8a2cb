import { Injectable } from '@nestjs/common';
import { formatInstant, instantOfDate } from '@slotmesh/kernel';
import { UnitOfWork } from '@slotmesh/persistence';
import { DeskReadings, type StaffCaller } from '@slotmesh/security';
import { z } from 'zod';
import { IntakeKeys } from '../../providers/intake-keys';
import { INBOX_EFFECTS } from '../domain/inbox';

export const conversationsQuery = z.object({ cursor: z.uuid('must be the nextCursor of an earlier page').optional(), limit: z.coerce.number().int().min(1).max(100).default(50) });
const at = z.date().transform((date) => formatInstant(instantOfDate(date)));
const row = z.object({ id: z.uuid(), idx: z.string(), to_number: z.string(), sealed_from: z.string(), sealed_text: z.string(), received_at: at, patient: z.uuid().nullable(), unread: z.coerce.number(), oldest: at });
export interface ShownConversation {
  /** Names the phone in the paths below; a blind index. */
  readonly phone: string;
  readonly from: string | null;
  readonly patient: string | null;
  readonly unread: number;
  readonly oldestUnreadAt: string;
  readonly lastText: string | null;
  readonly lastAt: string;
}

/** Phones with texts that nobody has read yet, whoever has waited longest first. */
@Injectable()
export class ListConversations {
  constructor(private readonly work: UnitOfWork, private readonly keys: IntakeKeys, private readonly readings: DeskReadings) {}

  async execute(caller: StaffCaller, { cursor, limit }: z.output<typeof conversationsQuery>): Promise<{ items: ShownConversation[]; nextCursor: string | null }> {
    const rows = await this.work.run(caller.actor, async (tx) => {
      const found = z.array(row).parse(await tx.query(
        `WITH unread AS (SELECT id, idx, received_at FROM reply WHERE host = $1 AND handled AND read_at IS NULL AND effect = ANY ($4::text[])),
           phone AS (SELECT idx, min(id::text)::uuid AS first, count(*) AS unread, min(received_at) AS oldest FROM unread GROUP BY idx)
         SELECT p.first AS id, p.idx, l.to_number, l.sealed_from, l.sealed_text, l.received_at, l.patient, p.unread, p.oldest
         FROM phone p CROSS JOIN LATERAL (SELECT * FROM reply r WHERE r.host = $1 AND r.idx = p.idx ORDER BY r.received_at DESC, r.id DESC LIMIT 1) AS l
         WHERE $2::uuid IS NULL OR p.first > $2 ORDER BY p.first LIMIT $3`,
        [caller.practice, cursor ?? null, limit + 1, [...INBOX_EFFECTS]],
      ));
      tx.audit.record({ action: 'conversations.list', entity: 'reply', entityId: 'unread', details: { count: Math.min(found.length, limit) } });
      return found;
    });
    const page = rows.slice(0, limit);
    const shown = await this.readings.shown(caller.actor, 'inbox', page, ({ id, patient }) => ({ id, patient }));
    return {
      items: shown.map(({ idx, to_number, sealed_from, sealed_text, received_at, patient, unread, oldest }) => ({
        phone: idx, from: this.open(to_number, 'from', sealed_from), patient, unread, oldestUnreadAt: oldest, lastText: this.open(to_number, 'text', sealed_text), lastAt: received_at,
      })),
      nextCursor: rows.length > limit ? (page.at(-1)?.id ?? null) : null,
    };
  }

  /** Null: the patient was erased, and the words with them. */
  private open(number: string, field: 'from' | 'text', sealed: string): string | null {
    return sealed === '' ? null : this.keys.unseal(number, field, sealed);
  }
}
