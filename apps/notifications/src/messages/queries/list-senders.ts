import { Inject, Injectable } from '@nestjs/common';
import { formatInstant, instantOfDate, localDateOf, parseZone } from '@slotmesh/kernel';
import { type Actor, UnitOfWork, workerFor } from '@slotmesh/persistence';
import { z } from 'zod';
import { NOTIFICATIONS_CONFIG, type NotificationsConfig, senderRate } from '../../config';

const at = z.date().transform((date) => formatInstant(instantOfDate(date)));
const sender = z.object({
  practice: z.string(), number: z.string(), heldUntil: at.nullable(), heldReason: z.string().nullable(), segmentsToday: z.int(),
  waiting: z.coerce.number(), due: z.coerce.number(), oldestDueAt: at.nullable(), nearestVisitAt: at.nullable(),
});
const breaker = z.object({ channel: z.enum(['sms', 'email']), since: at });

export type ShownSender = z.output<typeof sender> & {
  readonly textsPerSecond: number;
  /** Null: nobody counts. */
  readonly segmentsPerDay: number | null;
  readonly providers: readonly { readonly channel: 'sms' | 'email'; readonly state: 'reachable' | 'out-of-reach'; readonly since: string | null }[];
};

const PROVIDER_DAY = parseZone('America/Los_Angeles');

/** How sending goes: the pace, what holds a sender and why, what waits, and whether the providers can be reached. Names no patient. */
@Injectable()
export class ListSenders {
  constructor(private readonly work: UnitOfWork, @Inject(NOTIFICATIONS_CONFIG) private readonly config: NotificationsConfig) {}

  /** The sender of the actor's practice. */
  ofPractice(actor: Actor): Promise<{ items: ShownSender[]; nextCursor: null }> {
    return this.read(actor, actor.practice);
  }

  /** Every sender of the network. */
  all(): Promise<{ items: ShownSender[]; nextCursor: null }> {
    return this.read(workerFor('senders', null), null);
  }

  private read(actor: Actor, practice: string | null): Promise<{ items: ShownSender[]; nextCursor: null }> {
    return this.work.run(actor, async (tx) => {
      const now = new Date(tx.now);
      const senders = z.array(sender).parse(await tx.query(
        `SELECT p.id AS practice, p.sender_number AS number, CASE WHEN h.held_until > $1 THEN h.held_until END AS "heldUntil", CASE WHEN h.held_until > $1 THEN h.held_reason END AS "heldReason",
           CASE WHEN h.segment_day = $2::date THEN h.segments ELSE 0 END AS "segmentsToday", q.waiting, q.due, q.oldest AS "oldestDueAt", q.nearest AS "nearestVisitAt"
         FROM practice p LEFT JOIN sender h ON h.host = p.id
         CROSS JOIN LATERAL (SELECT count(*) AS waiting, count(*) FILTER (WHERE m.not_before <= $1) AS due, min(m.not_before) FILTER (WHERE m.not_before <= $1) AS oldest, min(m.visit_start) AS nearest FROM message m WHERE m.host = p.id AND m.state = 'pending') q
         WHERE $3::text IS NULL OR p.id = $3 ORDER BY p.id`,
        [now, localDateOf(tx.now, PROVIDER_DAY), practice],
      ));
      const open = z.array(breaker).parse(await tx.query('SELECT provider AS channel, opened_at AS since FROM provider_breaker'));
      const providers = (['sms', 'email'] as const).map((channel) => {
        const since = open.find((row) => row.channel === channel)?.since ?? null;
        return { channel, state: since ? ('out-of-reach' as const) : ('reachable' as const), since };
      });
      return { items: senders.map((row) => ({ ...row, textsPerSecond: senderRate(this.config), segmentsPerDay: this.config.SENDER_SEGMENTS_PER_DAY ?? null, providers })), nextCursor: null };
    });
  }
}
