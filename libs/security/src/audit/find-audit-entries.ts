import { Injectable } from '@nestjs/common';
import { type PracticeId, formatInstant, instantOfDate } from '@slotmesh/kernel';
import type { Sql } from '@slotmesh/persistence';
import { z } from 'zod';

const instant = z.iso.datetime({ offset: true });
export const auditQuery = z.object({
  patient: z.uuid().optional(),
  actor: z.string().max(255).optional(),
  action: z.string().max(100).optional(),
  entity: z.string().max(100).optional(),
  from: instant.optional(),
  to: instant.optional(),
  limit: z.coerce.number().int().min(1).max(200).default(50),
  cursor: z.string().regex(/^[A-Za-z0-9_-]{1,200}$/, 'must be the nextCursor that you were given').optional(),
});
export type AuditQuery = z.output<typeof auditQuery>;
const cursorParts = z.tuple([instant, z.uuid()]);

interface Row {
  id: string; actor_kind: string; actor_subject: string; action: string; entity: string; entity_id: string; patient_id: string | null; details: Record<string, unknown>; at: Date; exact: string;
  position: string | null; hash: Buffer | null;
}
export interface AuditView {
  readonly id: string; readonly at: string; readonly actor: { readonly kind: string; readonly subject: string }; readonly action: string; readonly entity: string; readonly entityId: string;
  readonly patient: string | null; readonly details: Record<string, unknown>;
  /** Null: not chained yet. */
  readonly seal: { readonly position: number; readonly hash: string } | null;
}

/** Newest first; of one practice, or, without one, what was done for no practice. */
@Injectable()
export class FindAuditEntries {
  async execute(sql: Sql, practice: PracticeId | null, by: AuditQuery): Promise<{ items: AuditView[]; nextCursor: string | null }> {
    const [at, id] = by.cursor === undefined ? [null, null] : this.startOf(by.cursor);
    const rows = await sql.query<Row>(
      `SELECT e.id, e.actor_kind, e.actor_subject, e.action, e.entity, e.entity_id, e.patient_id, e.details, e.at, to_char(e.at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') AS exact, s.position, s.hash
       FROM audit_entry e LEFT JOIN audit_seal s ON s.entry_id = e.id
       WHERE e.practice_id IS NOT DISTINCT FROM $1 AND ($2::text IS NULL OR e.patient_id = $2) AND ($3::text IS NULL OR e.actor_subject = $3) AND ($4::text IS NULL OR e.action = $4)
         AND ($5::text IS NULL OR e.entity = $5) AND ($6::timestamptz IS NULL OR e.at >= $6) AND ($7::timestamptz IS NULL OR e.at < $7)
         AND ($8::timestamptz IS NULL OR (e.at, e.id) < ($8, $9::uuid))
       ORDER BY e.at DESC, e.id DESC LIMIT $10`,
      [practice, by.patient ?? null, by.actor ?? null, by.action ?? null, by.entity ?? null, by.from ?? null, by.to ?? null, at, id, by.limit + 1]);
    const shown = rows.slice(0, by.limit);
    const last = shown.at(-1);
    return { items: shown.map(viewOf), nextCursor: rows.length > by.limit && last ? Buffer.from(`${last.exact}|${last.id}`).toString('base64url') : null };
  }

  /** Throws ZodError at `cursor`. */
  private startOf(cursor: string): [string, string] {
    return z.object({ cursor: cursorParts }).parse({ cursor: Buffer.from(cursor, 'base64url').toString('utf8').split('|') }).cursor;
  }
}

const viewOf = (row: Row): AuditView => ({
  id: row.id, at: formatInstant(instantOfDate(row.at)), actor: { kind: row.actor_kind, subject: row.actor_subject }, action: row.action, entity: row.entity, entityId: row.entity_id,
  patient: row.patient_id, details: row.details, seal: row.position !== null && row.hash !== null ? { position: Number(row.position), hash: row.hash.toString('hex') } : null,
});
