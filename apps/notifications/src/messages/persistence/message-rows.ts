import { instantOfDate, type Instant } from '@slotmesh/kernel';
import type { Tx } from '@slotmesh/persistence';
import { messageClass } from '@slotmesh/contracts';
import { z } from 'zod';
import { type Channel, answerTemplates, visitTemplates } from '../domain/fence';

const channel = z.enum(['sms', 'email']);
const at = z.date().transform(instantOfDate);
export const messageRow = z.object({
  id: z.uuid(), request_id: z.uuid().nullable(), host: z.string(), booking: z.string(), patient: z.uuid().nullable(), class: messageClass, template: z.enum([...visitTemplates, ...answerTemplates]),
  must_reach: z.boolean(), channels: z.array(channel), tried: z.array(channel), expires_at: at.nullable(), visit_start: at, to_idx: z.string().nullable(), to_sealed: z.string().nullable(), sealed_text: z.string().nullable(), page: z.string().nullable(), state: z.string(),
  subjects: z.array(z.object({ kind: z.enum(['appointment', 'offer', 'recall']), id: z.uuid(), revision: z.int(), step: z.string(), outcome: z.string().nullable(), reason: z.string().nullable(), channel: z.string().nullable(),
    /** Of a subject that came with another message; null: the message's own. */
    request: z.uuid().nullable(), patient: z.uuid().nullable() })),
});
export type MessageRow = z.output<typeof messageRow>;

/** Of whom a message speaks. */
export const patientsOf = ({ patient, subjects }: Pick<MessageRow, 'patient' | 'subjects'>): string[] => [...new Set([patient, ...subjects.map((subject) => subject.patient)].filter((id) => id !== null))];

const COLUMNS = `m.id, m.request_id, m.host, m.booking, m.patient, m.class, m.template, m.must_reach, m.channels, m.tried, m.expires_at, m.visit_start, m.to_idx, m.to_sealed, m.sealed_text, m.page, m.state,
  coalesce((SELECT jsonb_agg(jsonb_build_object('kind', s.kind, 'id', s.id, 'revision', s.revision, 'step', s.step, 'outcome', s.outcome, 'reason', s.outcome_reason, 'channel', s.outcome_channel, 'request', s.request_id, 'patient', s.patient) ORDER BY s.position) FROM message_subject s WHERE s.message_id = m.id), '[]') AS subjects`;

const WANTS_TEXT = `('sms' = ANY (m.channels) AND NOT 'sms' = ANY (m.tried))`;
/** Of a sender `h` that is held: the text waits, unless it is stale by then and a mail is not. */
const HELD = `(h.host IS NOT NULL AND ${WANTS_TEXT} AND NOT (coalesce(m.expires_at <= h.held_until, false) AND 'email' = ANY (m.channels) AND NOT 'email' = ANY (m.tried)))`;
const NEXT_CHANNEL = `(SELECT c.name FROM unnest(m.channels) WITH ORDINALITY AS c(name, place) WHERE NOT c.name = ANY (m.tried) ORDER BY c.place LIMIT 1)`;

/** Locks one message until the end of the transaction. */
export async function lockMessage(tx: Tx, id: string): Promise<MessageRow | null> {
  const [row] = await tx.query(`SELECT ${COLUMNS} FROM message m WHERE m.id = $1 FOR UPDATE OF m`, [id]);
  return row ? messageRow.parse(row) : null;
}

/** Locks the message of an attempt until the end of the transaction. */
export async function lockMessageOf(tx: Tx, attempt: string): Promise<MessageRow | null> {
  const [row] = await tx.query(`SELECT ${COLUMNS} FROM message m WHERE m.id = (SELECT t.message_id FROM attempt t WHERE t.id = $1) FOR UPDATE OF m`, [attempt]);
  return row ? messageRow.parse(row) : null;
}

/**
 * Takes pending messages whose time has come, of each practice the nearest visits first (P16), and keeps other workers off them for `leaseSeconds` of
 * real time. Why so many per practice and no more: a sender with a long backlog must not keep the others waiting, nor its own messages from being
 * asked about just before they leave. Texts of a sender that is held stay where they are, except those that would be stale by then and have another
 * channel: they turn to it. What would leave through a `blocked` provider stays too, until it is stale. `most`: at most this many in all.
 */
export async function claimDue(tx: Tx, { perPractice, most = null, leaseSeconds, blocked }: { readonly perPractice: number; readonly most?: number | null; readonly leaseSeconds: number; readonly blocked: readonly Channel[] }): Promise<MessageRow[]> {
  const rows = await tx.query(
    `WITH due AS MATERIALIZED (
       SELECT d.id, d.turns FROM practice p LEFT JOIN sender h ON h.host = p.id AND h.held_until > $1
       CROSS JOIN LATERAL (
         SELECT m.id, h.host IS NOT NULL AND ${WANTS_TEXT} AS turns FROM message m
         WHERE m.host = p.id AND m.state = 'pending' AND m.not_before <= $1 AND (m.lease_until IS NULL OR m.lease_until < clock_timestamp()) AND NOT ${HELD}
           AND (cardinality($4::text[]) = 0 OR m.expires_at <= $1 OR NOT ${NEXT_CHANNEL} = ANY ($4::text[]))
         ORDER BY m.visit_start, m.id LIMIT $2 FOR UPDATE OF m SKIP LOCKED) d LIMIT $5)
     UPDATE message m SET lease_until = clock_timestamp() + make_interval(secs => $3), tried = CASE WHEN due.turns THEN array_append(m.tried, 'sms') ELSE m.tried END FROM due WHERE m.id = due.id RETURNING ${COLUMNS}`,
    [new Date(tx.now), perPractice, leaseSeconds, blocked, most],
  );
  return z.array(messageRow).parse(rows).sort((a, b) => a.visit_start - b.visit_start || (a.id < b.id ? -1 : 1));
}

/** Gives a message back that could not be decided: at once, or after some real seconds where something it needs is not there yet. */
export async function release(tx: Tx, ids: readonly string[], afterSeconds: number): Promise<void> {
  await tx.execute(`UPDATE message SET lease_until = clock_timestamp() + make_interval(secs => $2) WHERE id = ANY ($1::uuid[]) AND state = 'pending'`, [ids, afterSeconds]);
}

/** Keeps what is still in the sender's hands from other workers for some more real seconds. */
export async function renew(tx: Tx, ids: readonly string[], leaseSeconds: number): Promise<void> {
  await tx.execute(`UPDATE message SET lease_until = clock_timestamp() + make_interval(secs => $2) WHERE id = ANY ($1::uuid[]) AND state = 'pending'`, [ids, leaseSeconds]);
}

export async function setState(tx: Tx, id: string, state: string, reason: string | null = null): Promise<void> {
  await tx.execute('UPDATE message SET state = $2, reason = $3, lease_until = NULL WHERE id = $1', [id, state, reason]);
}

export async function putBack(tx: Tx, id: string, notBefore: Instant, tried: readonly string[]): Promise<void> {
  await tx.execute(`UPDATE message SET state = 'pending', not_before = $2, tried = $3, lease_until = NULL WHERE id = $1`, [id, new Date(notBefore), tried]);
}

/** Whether a message is due now, and when the next will be. */
export async function dueState(tx: Tx): Promise<{ dueNow: boolean; nextDue: Instant | null }> {
  const [row] = await tx.query<{ now: boolean; next: Date | null }>(
    `SELECT EXISTS (SELECT FROM message m LEFT JOIN sender h ON h.host = m.host AND h.held_until > $1 WHERE m.state = 'pending' AND m.not_before <= $1 AND NOT ${HELD}) AS now,
       least((SELECT min(m.not_before) FROM message m WHERE m.state = 'pending' AND m.not_before > $1),
         (SELECT min(h.held_until) FROM sender h WHERE h.held_until > $1 AND EXISTS (SELECT FROM message m WHERE m.host = h.host AND m.state = 'pending' AND ${WANTS_TEXT}))) AS next`,
    [new Date(tx.now)],
  );
  return { dueNow: row?.now ?? false, nextDue: row?.next ? instantOfDate(row.next) : null };
}
