import { createHash } from 'node:crypto';
import type { Sql } from '@slotmesh/persistence';

/** What a row says, as one text that is the same in every session. */
export const CANONICAL = `jsonb_build_array(e.id, e.practice_id, e.actor_kind, e.actor_subject, e.action, e.entity, e.entity_id, e.patient_id, e.details,
  to_char(e.at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'), e.committed_xid::text)::text`;
const FIRST = createHash('sha256').update('slotmesh audit chain 1').digest();
/** One sealer at a time in a database; any number of processes may try. */
const SEALER_LOCK = 4_207_023;

export interface ChainHead {
  readonly position: number;
  /** Hex of SHA-256 over the hash before and the row. */
  readonly hash: string;
}

export const linkOf = (before: Buffer, canonical: string): Buffer => createHash('sha256').update(before).update(canonical).digest();
export const firstLink = (): Buffer => FIRST;

/**
 * Chains committed rows that are not chained yet, oldest transaction first, and returns how many. Only rows of transactions below the snapshot's xmin:
 * all of those have ended, so no row can appear later in front of one that is chained already, and the chain's transaction ids never fall.
 */
export async function sealAuditRows(sql: Sql, atMost = 1_000): Promise<{ sealed: number; head: ChainHead | null }> {
  await sql.query('SELECT pg_advisory_xact_lock($1)', [SEALER_LOCK]);
  const [last] = await sql.query<{ position: string; hash: Buffer; xid: string | null }>(
    'SELECT s.position, s.hash, e.committed_xid::text AS xid FROM audit_seal s LEFT JOIN audit_entry e ON e.id = s.entry_id ORDER BY s.position DESC LIMIT 1');
  const rows = await sql.query<{ id: string; canonical: string }>(
    `SELECT e.id, ${CANONICAL} AS canonical FROM audit_entry e
     WHERE e.committed_xid >= $1::text::xid8 AND e.committed_xid < pg_snapshot_xmin(pg_current_snapshot()) AND NOT EXISTS (SELECT 1 FROM audit_seal s WHERE s.entry_id = e.id)
     ORDER BY e.committed_xid, e.id LIMIT $2`, [last?.xid ?? '0', atMost]);
  let position = Number(last?.position ?? 0);
  let hash = last?.hash ?? FIRST;
  const links = rows.map(({ id, canonical }) => ({ position: (position += 1), entry_id: id, hash: (hash = linkOf(hash, canonical)).toString('hex') }));
  if (links.length > 0) {
    await sql.execute(`INSERT INTO audit_seal (position, entry_id, hash) SELECT r.position, r.entry_id, decode(r.hash, 'hex') FROM jsonb_to_recordset($1::jsonb) AS r(position bigint, entry_id uuid, hash text)`, [JSON.stringify(links)]);
  }
  return { sealed: links.length, head: position === 0 ? null : { position, hash: hash.toString('hex') } };
}
