import { type Instant, toDate } from '@slotmesh/kernel';
import type { Tx } from '@slotmesh/persistence';
import { Counter, register } from 'prom-client';

const stale = new Counter({ name: 'notifications_stale_total', help: 'Messages whose intent was written after the visit had changed, between the commit of its owner and our question; a correction follows each.', registers: [register] });

/** Counts what left in the gap that no fence can close (P12): after the owner's commit at `changedAt`, on an older revision. What is still in hand is marked, and counted if it leaves. */
export async function countStale(tx: Tx, { id, revision }: { readonly id: string; readonly revision: number }, changedAt: Instant): Promise<void> {
  const marked = await tx.query<{ state: string }>(
    `UPDATE attempt a SET stale = true FROM message_subject s WHERE s.id = $1 AND a.message_id = s.message_id AND NOT a.stale AND a.intent_at > $3 AND a.state IN ('intent', 'accepted', 'unknown')
       AND EXISTS (SELECT FROM jsonb_to_recordset(a.subjects) AS spoken(id uuid, revision int) WHERE spoken.id = $1 AND spoken.revision < $2) RETURNING a.state`,
    [id, revision, toDate(changedAt)],
  );
  const left = marked.filter(({ state }) => state !== 'intent').length;
  if (left > 0) stale.inc(left);
}

/** An attempt leaves the sender's hand, or may have. */
export function leavesHand(attempt: { readonly state: string; readonly stale: boolean }): void {
  if (attempt.stale && attempt.state === 'intent') stale.inc();
}
