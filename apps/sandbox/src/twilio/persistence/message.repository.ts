import { Injectable } from '@nestjs/common';
import type { Sql } from '@slotmesh/persistence';
import type { ListFilter } from '../domain/list-filter';
import type { Direction, Message, MessageStatus } from '../domain/message';
import type { Fate } from '../domain/status-walk';

/** A message with what the carrier is going to do with it. */
export interface Underway extends Message {
  readonly fate: Fate;
  readonly faultId: string | null;
}

interface MessageRow {
  sid: string;
  account_sid: string;
  direction: Direction;
  from_number: string | null;
  to_number: string;
  messaging_service_sid: string | null;
  body: string;
  num_segments: number;
  num_media: number;
  status: MessageStatus;
  error_code: number | null;
  price: string | null;
  created_at: Date;
  updated_at: Date;
  sent_at: Date | null;
  status_callback: string | null;
  validity_seconds: number;
  send_at: Date | null;
  fate: Fate['kind'];
  fate_error: number | null;
  fault_id: string | null;
}

@Injectable()
export class MessageRepository {
  /** Stores a message; its first own step comes `stepInMs` real milliseconds from now, or never where that is null. */
  async add(tx: Sql, message: Message, fate: Fate, faultId: string | null, stepInMs: number | null): Promise<void> {
    await tx.execute(
      `INSERT INTO message (sid, account_sid, direction, from_number, to_number, messaging_service_sid, body, num_segments, num_media, status, error_code, price,
         created_at, updated_at, sent_at, status_callback, validity_seconds, send_at, fate, fate_error, fault_id, step_due)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, clock_timestamp() + $22 * interval '1 ms')`,
      [
        message.sid, message.accountSid, message.direction, message.from, message.to, message.messagingServiceSid, message.body, message.numSegments, message.numMedia,
        message.status, message.errorCode, message.price, message.createdAt, message.updatedAt, message.sentAt, message.statusCallback, message.validitySeconds, message.sendAt,
        fate.kind, fate.kind === 'undelivered' ? fate.errorCode : null, faultId, stepInMs,
      ],
    );
  }

  async find(tx: Sql, sid: string): Promise<Message | null> {
    const [row] = await tx.query<MessageRow>('SELECT * FROM message WHERE sid = $1', [sid]);
    return row ? underwayOf(row) : null;
  }

  async lock(tx: Sql, sid: string): Promise<Message | null> {
    const [row] = await tx.query<MessageRow>('SELECT * FROM message WHERE sid = $1 FOR UPDATE', [sid]);
    return row ? underwayOf(row) : null;
  }

  /** One page, newest first, with one row more than asked where another page follows. */
  async list(tx: Sql, filter: ListFilter): Promise<Message[]> {
    const before = filter.pageToken?.side === 'before';
    const rows = await tx.query<MessageRow>(before ? LIST_BEFORE : LIST_AFTER, [filter.to, filter.from, filter.sentFrom, filter.sentTo, filter.pageToken?.sid ?? null, filter.pageSize + 1]);
    return (before ? rows.reverse() : rows).map(underwayOf);
  }

  async remove(tx: Sql, sid: string): Promise<void> {
    await tx.execute('DELETE FROM message WHERE sid = $1', [sid]);
  }

  async update(tx: Sql, sid: string, change: { status: MessageStatus; body: string; errorCode: number | null; updatedAt: Date }): Promise<void> {
    await tx.execute('UPDATE message SET status = $2, body = $3, error_code = $4, updated_at = $5 WHERE sid = $1', [sid, change.status, change.body, change.errorCode, change.updatedAt]);
  }

  /** Locks messages whose next own step has come in real time. */
  async due(tx: Sql, limit: number): Promise<Underway[]> {
    const rows = await tx.query<MessageRow>('SELECT * FROM message WHERE step_due <= clock_timestamp() ORDER BY step_due LIMIT $1 FOR UPDATE', [limit]);
    return rows.map(underwayOf);
  }

  /** Locks messages that wait for a domain time or for a held queue. */
  async waiting(tx: Sql): Promise<(Underway & { readonly released: boolean })[]> {
    const rows = await tx.query<MessageRow & { released: boolean }>(
      `SELECT m.*, NOT EXISTS (SELECT 1 FROM fault f WHERE f.id = m.fault_id AND NOT f.cleared) AS released
       FROM message m WHERE ${WAITING} ORDER BY m.position FOR UPDATE OF m`,
    );
    return rows.map((row) => ({ ...underwayOf(row), released: row.released }));
  }

  async step(tx: Sql, steps: readonly StepRow[]): Promise<void> {
    await tx.execute(
      `UPDATE message m SET status = s.status, error_code = s.error_code, from_number = s.from_number, num_segments = s.num_segments, price = s.price,
         updated_at = s.at, sent_at = CASE WHEN s.status = 'sent' THEN s.at ELSE m.sent_at END, fate = s.fate,
         step_due = clock_timestamp() + s.next_in_ms * interval '1 ms'
       FROM jsonb_to_recordset($1::jsonb) AS s(sid text, status text, error_code int, from_number text, num_segments int, price text, at timestamptz, fate text, next_in_ms int)
       WHERE m.sid = s.sid`,
      [JSON.stringify(steps)],
    );
  }

  /** What lies ahead: own steps in real time, and messages that wait for a domain instant or for the end of a fault. */
  async outlook(tx: Sql): Promise<Outlook> {
    const [row] = await tx.query<{ next_in_ms: number | null; under_way: number; next_due: Date | null; released: boolean }>(OUTLOOK);
    return { nextInMs: row?.next_in_ms ?? null, underWay: row?.under_way ?? 0, nextDue: row?.next_due ?? null, released: row?.released ?? false };
  }
}

export interface Outlook {
  /** Real milliseconds until the next own step; zero or less where one is due. */
  readonly nextInMs: number | null;
  readonly underWay: number;
  /** The earliest domain instant at which a waiting message is sent or given up. */
  readonly nextDue: Date | null;
  /** Whether a held message may go on. */
  readonly released: boolean;
}

export interface StepRow {
  readonly sid: string;
  readonly status: MessageStatus;
  readonly error_code: number | null;
  readonly from_number: string | null;
  readonly num_segments: number;
  readonly price: string | null;
  readonly at: Date;
  readonly fate: Fate['kind'];
  readonly next_in_ms: number | null;
}

const WAITING = `status IN ('queued', 'scheduled') AND step_due IS NULL`;
const OUTLOOK = `SELECT
  (SELECT (extract(epoch FROM min(step_due) - clock_timestamp()) * 1000)::float8 FROM message WHERE step_due IS NOT NULL) AS next_in_ms,
  (SELECT count(*)::int FROM message WHERE step_due IS NOT NULL) AS under_way,
  (SELECT min(CASE WHEN status = 'scheduled' THEN send_at ELSE created_at + validity_seconds * interval '1 s' END) FROM message WHERE ${WAITING}) AS next_due,
  EXISTS (SELECT 1 FROM message m WHERE ${WAITING} AND status = 'queued' AND NOT EXISTS (SELECT 1 FROM fault f WHERE f.id = m.fault_id AND NOT f.cleared)) AS released`;
// Why created_at: a message that is not sent yet is found by the time it was taken, as the look-up after an unclear answer needs it.
const FILTER = `($1::text IS NULL OR to_number = $1) AND ($2::text IS NULL OR from_number = $2)
  AND ($3::timestamptz IS NULL OR date_trunc('second', coalesce(sent_at, created_at)) >= $3)
  AND ($4::timestamptz IS NULL OR date_trunc('second', coalesce(sent_at, created_at)) <= $4)`;
const LIST_AFTER = `SELECT * FROM message WHERE ${FILTER} AND ($5::text IS NULL OR position < (SELECT position FROM message WHERE sid = $5)) ORDER BY position DESC LIMIT $6`;
const LIST_BEFORE = `SELECT * FROM message WHERE ${FILTER} AND position > (SELECT position FROM message WHERE sid = $5) ORDER BY position ASC LIMIT $6`;

function fateOf(row: MessageRow): Fate {
  return row.fate === 'undelivered' ? { kind: 'undelivered', errorCode: row.fate_error ?? 30003 } : { kind: row.fate };
}

function underwayOf(row: MessageRow): Underway {
  return {
    sid: row.sid, accountSid: row.account_sid, direction: row.direction, from: row.from_number, to: row.to_number,
    messagingServiceSid: row.messaging_service_sid, body: row.body, numSegments: row.num_segments, numMedia: row.num_media,
    status: row.status, errorCode: row.error_code, price: row.price, createdAt: row.created_at, updatedAt: row.updated_at, sentAt: row.sent_at,
    statusCallback: row.status_callback, validitySeconds: row.validity_seconds, sendAt: row.send_at, fate: fateOf(row), faultId: row.fault_id,
  };
}
