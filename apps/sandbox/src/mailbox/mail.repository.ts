import { Injectable } from '@nestjs/common';
import { newId, toDate } from '@slotmesh/kernel';
import type { Tx } from '@slotmesh/persistence';
import type { ReadMail } from './read-mail';

export interface MailboxSummary {
  readonly address: string;
  readonly mails: number;
  readonly lastAt: Date;
  readonly lastSubject: string;
}

export interface Mail {
  readonly id: string;
  readonly messageId: string;
  readonly from: string;
  readonly to: string;
  readonly subject: string;
  readonly text: string | null;
  readonly html: string | null;
  readonly ics: string | null;
  readonly at: Date;
  /** How often this Message-ID arrived in this mailbox; more than one is a duplicate. */
  readonly copies: number;
}

@Injectable()
export class MailRepository {
  async add(tx: Tx, mail: ReadMail, sender: string, recipients: readonly string[], raw: Buffer): Promise<string> {
    const id = newId();
    await tx.execute(
      `INSERT INTO mail (id, message_id, recipients, sender, from_text, to_text, subject, text, html, ics, raw, received_at)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)`,
      [id, mail.messageId ?? `<${id}@no-message-id>`, recipients, sender, mail.from, mail.to, mail.subject, mail.text, mail.html, mail.ics, raw, toDate(tx.now)],
    );
    return id;
  }

  mailboxes(tx: Tx, search: string | null, limit: number): Promise<MailboxSummary[]> {
    return tx.query<MailboxSummary>(
      `SELECT * FROM (SELECT DISTINCT ON (address) address, count(*) OVER (PARTITION BY address)::int AS mails, received_at AS "lastAt", subject AS "lastSubject"
         FROM mail, unnest(recipients) AS address WHERE $1::text IS NULL OR strpos(address, $1) > 0 ORDER BY address, position DESC) t ORDER BY "lastAt" DESC LIMIT $2`,
      [search, limit],
    );
  }

  /** One entry per Message-ID, newest first. */
  mailbox(tx: Tx, address: string, limit: number): Promise<Mail[]> {
    return tx.query<Mail>(
      `SELECT id, message_id AS "messageId", from_text AS "from", to_text AS "to", subject, text, html, ics, received_at AS at, copies FROM (
         SELECT DISTINCT ON (message_id) m.*, count(*) OVER (PARTITION BY message_id)::int AS copies FROM mail m WHERE recipients @> ARRAY[$1::text] ORDER BY message_id, position) t
       ORDER BY position DESC LIMIT $2`,
      [address, limit],
    );
  }

  async raw(tx: Tx, id: string): Promise<Buffer | null> {
    const [row] = await tx.query<{ raw: Buffer }>('SELECT raw FROM mail WHERE id = $1', [id]);
    return row?.raw ?? null;
  }
}
