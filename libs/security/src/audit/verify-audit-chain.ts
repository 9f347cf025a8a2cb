import type { Sql } from '@slotmesh/persistence';
import { CANONICAL, type ChainHead, firstLink, linkOf } from './audit-chain';

/**
 * changed: a row or its link is not what was sealed. deleted: a sealed row is gone. inserted: a row was slipped in behind the chain's end, or backdated.
 * gap: a link is gone. cut: the chain no longer has a head that was known before.
 */
export type ChainFault = { readonly kind: 'changed' | 'deleted' | 'inserted' | 'gap' | 'cut'; readonly position: number | null; readonly entry: string | null };
export interface ChainReport {
  readonly intact: boolean;
  readonly sealed: number;
  readonly head: ChainHead | null;
  /** Committed, but not chained yet: until the next second nothing proves that these are whole. */
  readonly unsealed: { readonly count: number; readonly oldestAt: Date | null };
  /** The first hundred. */
  readonly faults: readonly ChainFault[];
}

const AT_ONCE = 5_000;
const MOST_FAULTS = 100;
/** Domain time only grows; transactions and machines differ by seconds, never by this. */
const BACKDATED_MS = 3_600_000;

interface LinkRow { position: string; entry_id: string; hash: Buffer; canonical: string | null; at: Date | null }

/**
 * Reads the whole chain as the worker role and finds any change, insertion or deletion of sealed rows. `known` is a head that somebody kept outside the
 * database: with it, a chain that was cut off at its end or computed anew from the beginning is found as well.
 */
export async function verifyAuditChain(sql: Sql, known: ChainHead | null = null): Promise<ChainReport> {
  const faults: ChainFault[] = [];
  let head: ChainHead | null = null;
  let before = firstLink();
  let position = 0;
  let sealed = 0;
  let latest = 0;
  let seenKnown = known === null;
  for (;;) {
    const rows = await sql.query<LinkRow>(
      `SELECT s.position, s.entry_id, s.hash, CASE WHEN e.id IS NULL THEN NULL ELSE ${CANONICAL} END AS canonical, e.at
       FROM audit_seal s LEFT JOIN audit_entry e ON e.id = s.entry_id WHERE s.position > $1 ORDER BY s.position LIMIT $2`, [position, AT_ONCE]);
    for (const row of rows) {
      const fault = (kind: ChainFault['kind'], at: number) => void faults.push({ kind, position: at, entry: row.entry_id });
      if (Number(row.position) !== position + 1) fault('gap', position + 1);
      if (row.canonical === null) fault('deleted', Number(row.position));
      else if (!linkOf(before, row.canonical).equals(row.hash)) fault('changed', Number(row.position));
      if (row.at && row.at.getTime() < latest - BACKDATED_MS) fault('inserted', Number(row.position));
      latest = Math.max(latest, row.at?.getTime() ?? 0);
      // Why the stored hash: one fault must not make every row after it look wrong.
      before = row.hash;
      position = Number(row.position);
      sealed += 1;
      head = { position, hash: row.hash.toString('hex') };
      if (known && known.position === position) seenKnown = known.hash === head.hash;
    }
    if (rows.length < AT_ONCE) break;
  }
  if (!seenKnown) faults.push({ kind: 'cut', position: known?.position ?? null, entry: null });
  const slipped = await sql.query<{ id: string }>(
    `SELECT e.id FROM audit_entry e WHERE NOT EXISTS (SELECT 1 FROM audit_seal s WHERE s.entry_id = e.id)
       AND e.committed_xid < (SELECT max(x.committed_xid::text::numeric) FROM audit_seal s JOIN audit_entry x ON x.id = s.entry_id)::text::xid8 ORDER BY e.id LIMIT $1`, [MOST_FAULTS]);
  faults.push(...slipped.map(({ id }): ChainFault => ({ kind: 'inserted', position: null, entry: id })));
  const [tail] = await sql.query<{ count: string; oldest: Date | null }>('SELECT count(*) AS count, min(e.at) AS oldest FROM audit_entry e WHERE NOT EXISTS (SELECT 1 FROM audit_seal s WHERE s.entry_id = e.id)');
  return { intact: faults.length === 0, sealed, head, unsealed: { count: Number(tail?.count ?? 0) - slipped.length, oldestAt: tail?.oldest ?? null }, faults: faults.slice(0, MOST_FAULTS) };
}
