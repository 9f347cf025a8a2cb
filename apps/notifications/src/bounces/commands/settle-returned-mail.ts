import { Injectable } from '@nestjs/common';
import { toDate } from '@slotmesh/kernel';
import type { Tx } from '@slotmesh/persistence';
import { z } from 'zod';
import { changeConsent } from '../../consents/commands/change-consent';
import { publishPreferences } from '../../consents/commands/publish-preferences';
import { type AttemptRow, SettleAttempt } from '../../messages/commands/settle-attempt';
import type { MessageRow } from '../../messages/persistence/message-rows';
import type { BounceKind, ReturnedMail } from '../domain/returned-mail';

export interface Effect {
  readonly attempt: string | null;
  readonly host: string | null;
  readonly kind: string;
  readonly status: string | null;
  /** What was done, a stable code. */
  readonly effect: 'nothing' | 'unknown-attempt' | 'address-dead' | 'mail-undelivered' | 'opted-out';
}
type Held = { readonly attempt: AttemptRow; readonly message: MessageRow };

/** So many mails in a row that found a full mailbox, or none that answered: it is treated as dead. */
const MOST_IN_A_ROW = 3;
/** A message that has not gone on by another way. */
const OPEN: ReadonlySet<string> = new Set(['sending', 'sent', 'unknown']);

/** What follows from a mail that came back. The caller's transaction; message and attempt are locked before the contact point, as everywhere. */
@Injectable()
export class SettleReturnedMail {
  constructor(private readonly settle: SettleAttempt) {}

  async execute(tx: Tx, { what, attempt, message }: ReturnedMail): Promise<Effect> {
    const nothing = { attempt: null, host: null, kind: what.kind, status: what.kind === 'other' ? null : what.status } as const;
    if (what.kind === 'other') return { ...nothing, effect: 'nothing' };
    const id = await attemptOf(tx, attempt, message);
    const held = id === null ? null : await this.settle.lock(tx, id);
    if (!held || held.attempt.channel !== 'email') return { ...nothing, effect: 'unknown-attempt' };
    const told = { ...nothing, attempt: held.attempt.id, host: held.attempt.host };
    if (what.kind === 'complaint') {
      await changeConsent(tx, { channel: 'email', idx: held.attempt.idx, state: 'opted-out', source: 'complaint', host: held.attempt.host, sealedWords: null, messageSid: held.attempt.provider_id });
      return { ...told, effect: 'opted-out' };
    }
    const dead = what.bounce === 'dead' || (what.bounce === 'full' && (await inARow(tx, held.attempt)) >= MOST_IN_A_ROW);
    await this.undelivered(tx, held, dead ? 'dead' : what.bounce);
    if (dead) await markUnreachable(tx, held.attempt.idx);
    return { ...told, kind: `bounce-${what.bounce}`, effect: dead ? 'address-dead' : 'mail-undelivered' };
  }

  /** The mail did not arrive: the message goes on to its next channel, or to the call list where it must reach. */
  private async undelivered(tx: Tx, held: Held, bounce: BounceKind): Promise<void> {
    if (held.attempt.state !== 'refused' && OPEN.has(held.message.state)) await this.settle.refused(tx, held, bounce === 'dead' ? 'number-permanent' : bounce === 'full' ? 'number-maybe-transient' : 'content', null);
    await tx.execute(`UPDATE attempt SET provider_status = 'undelivered' WHERE id = $1`, [held.attempt.id]);
  }
}

async function attemptOf(tx: Tx, attempt: string | null, message: string | null): Promise<string | null> {
  const [row] = await tx.query<{ id: string }>(
    `SELECT id FROM attempt WHERE channel = 'email' AND (id = $1::uuid OR ($1::uuid IS NULL AND message_id = $2::uuid)) ORDER BY intent_at DESC LIMIT 1`, [attempt, message]);
  return row?.id ?? null;
}

/** How many of the newest mails to this address came back in a row, the present one counted: the first that did not ends it. */
async function inARow(tx: Tx, attempt: AttemptRow): Promise<number> {
  const rows = z.array(z.object({ back: z.boolean() })).parse(await tx.query(
    `SELECT a.id = $2 OR EXISTS (SELECT FROM returned_mail r WHERE r.attempt_id = a.id AND r.kind = 'bounce-full') AS back
     FROM attempt a WHERE a.channel = 'email' AND a.idx = $1 AND a.intent_at <= $3 AND (a.state = 'accepted' OR a.provider_status IS NOT NULL) ORDER BY a.intent_at DESC, a.id DESC LIMIT $4`,
    [attempt.idx, attempt.id, toDate(attempt.intent_at), MOST_IN_A_ROW]));
  const first = rows.findIndex(({ back }) => !back);
  return first === -1 ? rows.length : first;
}

async function markUnreachable(tx: Tx, idx: string): Promise<void> {
  const changed = await tx.execute(`UPDATE contact_point SET unreachable_at = $2 WHERE channel = 'email' AND idx = $1 AND unreachable_at IS NULL`, [idx, toDate(tx.now)]);
  if (changed === 0) return;
  const patients = z.array(z.object({ patient: z.uuid() })).parse(await tx.query(`SELECT DISTINCT patient FROM patient_contact WHERE channel = 'email' AND idx = $1`, [idx]));
  await publishPreferences(tx, patients.map(({ patient }) => patient));
}
