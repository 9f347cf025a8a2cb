import { Injectable } from '@nestjs/common';
import type { Sql } from '@slotmesh/persistence';
import type { Direction, MessageStatus } from '../twilio/domain/message';

export interface PhoneSummary {
  readonly number: string;
  readonly texts: number;
  readonly lastAt: Date;
  readonly lastBody: string;
}

export interface PhoneText {
  readonly sid: string;
  readonly side: 'received' | 'sent';
  readonly other: string;
  readonly body: string;
  readonly segments: number;
  readonly status: MessageStatus;
  readonly errorCode: number | null;
  readonly at: Date;
  /** For what the phone sent: whether the practice's webhook took it. */
  readonly webhook: 'pending' | 'delivered' | 'failed' | 'lost' | null;
  readonly webhookError: string | null;
}

interface TextRow {
  sid: string;
  direction: Direction;
  from_number: string | null;
  to_number: string;
  body: string;
  num_segments: number;
  status: MessageStatus;
  error_code: number | null;
  at: Date;
  webhook: PhoneText['webhook'];
  webhook_error: string | null;
}

/** The patients' side: a phone shows the texts that were sent to it and those it sent. */
@Injectable()
export class PhoneRepository {
  list(tx: Sql, search: string | null, limit: number): Promise<PhoneSummary[]> {
    return tx.query<PhoneSummary>(
      `SELECT DISTINCT ON (number) number, count(*) OVER (PARTITION BY number)::int AS texts, at AS "lastAt", body AS "lastBody" FROM (
         SELECT to_number AS number, position, coalesce(sent_at, created_at) AS at, body FROM message WHERE direction <> 'inbound'
         UNION ALL SELECT from_number, position, created_at, body FROM message WHERE direction = 'inbound') t
       WHERE number IS NOT NULL AND ($1::text IS NULL OR number LIKE '%' || $1 || '%') ORDER BY number, position DESC LIMIT $2`,
      [search, limit],
    );
  }

  /** The thread, oldest first; a text that never reached the carrier's network is shown too, with its status. */
  async thread(tx: Sql, number: string, limit: number): Promise<PhoneText[]> {
    const rows = await tx.query<TextRow>(
      `SELECT m.sid, m.direction, m.from_number, m.to_number, m.body, m.num_segments, m.status, m.error_code, coalesce(m.sent_at, m.created_at) AS at,
              w.state AS webhook, w.last_error AS webhook_error
       FROM (SELECT * FROM message WHERE (direction <> 'inbound' AND to_number = $1) OR (direction = 'inbound' AND from_number = $1) ORDER BY position DESC LIMIT $2) m
       LEFT JOIN webhook w ON w.message_sid = m.sid AND w.kind = 'inbound' ORDER BY m.position`,
      [number, limit],
    );
    return rows.map(textOf);
  }

  /** The numbers that ever texted this phone, the latest first. */
  async senders(tx: Sql, number: string): Promise<string[]> {
    const rows = await tx.query<{ sender: string }>(
      `SELECT from_number AS sender FROM message WHERE to_number = $1 AND direction <> 'inbound' AND from_number IS NOT NULL GROUP BY from_number ORDER BY max(position) DESC`,
      [number],
    );
    return rows.map(({ sender }) => sender);
  }
}

function textOf(row: TextRow): PhoneText {
  const inbound = row.direction === 'inbound';
  return {
    sid: row.sid, side: inbound ? 'sent' : 'received', other: (inbound ? row.to_number : row.from_number) ?? '', body: row.body, segments: row.num_segments,
    status: row.status, errorCode: row.error_code, at: row.at, webhook: row.webhook, webhookError: row.webhook_error,
  };
}
