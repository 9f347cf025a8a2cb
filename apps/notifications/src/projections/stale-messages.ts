import { type Instant, toDate } from '@slotmesh/kernel';
import type { Tx } from '@slotmesh/persistence';
import { Counter, register } from 'prom-client';

const stale = new Counter({ name: 'notifications_stale_total', help: 'Messages whose intent was written after the visit had changed, between the commit of its owner and our question; a correction follows each.', registers: [register] });

/** Counts what left in the gap that no fence can close (P12): after the owner's commit at `changedAt`, on an older revision. */
export async function countStale(tx: Tx, { id, revision }: { readonly id: string; readonly revision: number }, changedAt: Instant): Promise<void> {
  const [row] = await tx.query<{ n: string }>(
    `SELECT count(*) AS n FROM message_subject s JOIN attempt a ON a.message_id = s.message_id CROSS JOIN jsonb_to_recordset(a.subjects) AS spoken(id uuid, revision int)
     WHERE s.id = $1 AND spoken.id = $1 AND spoken.revision < $2 AND a.intent_at > $3 AND a.state IN ('intent', 'accepted', 'unknown')`,
    [id, revision, toDate(changedAt)],
  );
  const n = Number(row?.n ?? 0);
  if (n > 0) stale.inc(n);
}
