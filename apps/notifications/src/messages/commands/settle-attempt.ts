import { Injectable, Logger } from '@nestjs/common';
import { HOUR, type LocalTime, MINUTE, SECOND, addDays, instantOf, instantOfDate, localDateOf, parseZone, plusMs } from '@slotmesh/kernel';
import type { Tx } from '@slotmesh/persistence';
import { z } from 'zod';
import { changeConsent } from '../../consents/commands/change-consent';
import { publishPreferences } from '../../consents/commands/publish-preferences';
import { type ErrorClass, classOf } from '../../providers/provider-errors';
import { leavesHand } from '../../projections/stale-messages';
import { type Channel } from '../domain/fence';
import { furthest, isDelivered, isFailed } from '../domain/delivery-status';
import { type MessageRow, lockMessageOf, putBack, setState } from '../persistence/message-rows';
import { recordOutcome } from '../persistence/outcomes';

const attemptRow = z.object({
  id: z.uuid(), message_id: z.uuid(), host: z.string(), channel: z.enum(['sms', 'email']), idx: z.string(), code: z.string(), state: z.enum(['intent', 'accepted', 'refused', 'unknown', 'absent']),
  subjects: z.array(z.object({ id: z.uuid(), revision: z.int() })), provider_id: z.string().nullable(), provider_status: z.string().nullable(), error_code: z.int().nullable(), stale: z.boolean(),
  intent_at: z.date().transform(instantOfDate), valid_until: z.date().transform(instantOfDate),
});
export type AttemptRow = z.output<typeof attemptRow>;

const PROVIDER_DAY = parseZone('America/Los_Angeles');
/** A handset that is off may be on again after this. */
const ONCE_MORE_AFTER = HOUR;
/** After this many attempts that came to nothing a person takes over. */
const MOST_ATTEMPTS = 3;

/** What becomes of an attempt and its message. Callers are inside a transaction; message, then attempt, then contact point are locked in this order. */
@Injectable()
export class SettleAttempt {
  private readonly logger = new Logger('sender');

  /** Locks message and attempt. Null: unknown here. */
  async lock(tx: Tx, attemptId: string): Promise<{ attempt: AttemptRow; message: MessageRow } | null> {
    // Started together they run in this order.
    const [message, [row]] = await Promise.all([lockMessageOf(tx, attemptId), tx.query('SELECT id, message_id, host, channel, idx, code, state, subjects, provider_id, provider_status, error_code, stale, intent_at, valid_until FROM attempt WHERE id = $1 FOR UPDATE', [attemptId])]);
    return message === null ? null : { attempt: attemptRow.parse(row), message };
  }

  /** The provider has it, in this status. Reports come in any order: a status only rises, and what is final stays (P13). */
  async accepted(tx: Tx, { attempt, message }: { attempt: AttemptRow; message: MessageRow }, report: { readonly providerId: string; readonly status: string; readonly errorCode: number | null }): Promise<void> {
    leavesHand(attempt);
    const status = furthest(attempt.provider_status, report.status);
    const code = status === report.status ? report.errorCode : attempt.error_code;
    const known = tx.execute(`UPDATE attempt SET state = 'accepted', provider_id = $2, provider_status = $3, error_code = $4, lease_until = NULL, next_look_at = NULL WHERE id = $1`, [attempt.id, attempt.provider_id ?? report.providerId, status, code]);
    const isNews = attempt.state !== 'accepted' || status !== attempt.provider_status;
    // Why only then: a message that went on to another channel or was answered otherwise is not brought back by a late report.
    const isOpen = ['sending', 'unknown', 'sent'].includes(message.state);
    if (!isNews || !isOpen || isFailed(status)) {
      await known;
      if (isNews && isOpen) await this.failed(tx, attempt, message, classOf(code));
      return;
    }
    const outcome = isDelivered(status) ? 'delivered' : 'sent';
    await Promise.all([
      known, tx.execute('UPDATE message SET state = $2, reason = NULL, lease_until = NULL, to_sealed = NULL WHERE id = $1', [message.id, outcome]),
      recordOutcome(tx, message, attempt.subjects.map(({ id }) => id), { outcome, reason: null, channel: attempt.channel }),
    ]);
  }

  /** The provider said no at once. */
  async refused(tx: Tx, { attempt, message }: { attempt: AttemptRow; message: MessageRow }, why: ErrorClass, code: number | null): Promise<void> {
    await tx.execute(`UPDATE attempt SET state = 'refused', error_code = $2, lease_until = NULL, next_look_at = NULL WHERE id = $1`, [attempt.id, code]);
    if (why === 'config' || why === 'daily-cap') {
      const until = why === 'config' ? plusMs(tx.now, MINUTE) : instantOf(addDays(localDateOf(tx.now, PROVIDER_DAY), 1), '00:00' as LocalTime, PROVIDER_DAY);
      this.logger.error({ practice: attempt.host, code, until }, why === 'config' ? 'the provider refuses this sender: mend its settings; messages wait' : 'the carrier takes no more texts today; messages wait');
      if (attempt.channel === 'sms') await tx.execute(`INSERT INTO sender (host, paced_until, held_until, held_reason) VALUES ($1, clock_timestamp(), $2, $3) ON CONFLICT (host) DO UPDATE SET held_until = excluded.held_until, held_reason = excluded.held_reason`, [attempt.host, new Date(until), `${why} ${code ?? ''}`.trim()]);
      const misses = message.expires_at !== null && message.expires_at <= until;
      // Why now: tomorrow the step is stale, and another channel still reaches the patient today.
      if (misses && message.channels.some((channel) => channel !== attempt.channel && !message.tried.includes(channel))) return putBack(tx, message.id, tx.now, [...message.tried, attempt.channel]);
      return putBack(tx, message.id, attempt.channel === 'sms' ? tx.now : until, message.tried);
    }
    if (why === 'rate-or-capacity') return this.again(tx, attempt, message);
    return this.failed(tx, attempt, message, why);
  }

  /** Proven not to have been processed: the same message again, with a growing pause; its own expiry ends it. */
  async again(tx: Tx, attempt: AttemptRow, message: MessageRow): Promise<void> {
    await this.neverLeft(tx, attempt);
    const [row] = await tx.query<{ n: string }>('SELECT count(*) AS n FROM attempt WHERE message_id = $1', [message.id]);
    await putBack(tx, message.id, plusMs(tx.now, Math.min(SECOND * 2 ** Math.min(Number(row?.n ?? 1), 10), 5 * MINUTE)), message.tried);
  }

  /** It was never handed over: it goes through the fence again as soon as it can. */
  async giveBack(tx: Tx, attempt: AttemptRow, message: MessageRow): Promise<void> {
    await this.neverLeft(tx, attempt);
    await putBack(tx, message.id, tx.now, message.tried);
  }

  /** It may have left. Texts are looked up; a mail cannot be, so a person takes over (P13). */
  async unclear(tx: Tx, { attempt, message }: { attempt: AttemptRow; message: MessageRow }): Promise<void> {
    if (attempt.state !== 'intent') return;
    leavesHand(attempt);
    await tx.execute(`UPDATE attempt SET state = 'unknown', lease_until = NULL, next_look_at = $2 WHERE id = $1`, [attempt.id, attempt.channel === 'sms' ? new Date(tx.now) : null]);
    await setState(tx, message.id, 'unknown', 'outcome-unknown');
    if (attempt.channel === 'email') await this.staysUnknown(tx, { attempt, message });
  }

  async staysUnknown(tx: Tx, { attempt, message }: { attempt: AttemptRow; message: MessageRow }): Promise<void> {
    await tx.execute('UPDATE attempt SET next_look_at = NULL WHERE id = $1', [attempt.id]);
    await setState(tx, message.id, 'unknown', 'outcome-unknown');
    await recordOutcome(tx, message, attempt.subjects.map(({ id }) => id), { outcome: 'call-list', reason: 'outcome-unknown', channel: attempt.channel });
  }

  /** Not at the provider, and its ValidityPeriod is over: it never left, so it may go now, through the fence again. */
  async absent(tx: Tx, { attempt, message }: { attempt: AttemptRow; message: MessageRow }): Promise<void> {
    await tx.execute(`UPDATE attempt SET state = 'absent', next_look_at = NULL WHERE id = $1`, [attempt.id]);
    if (message.state !== 'unknown') return;
    const [row] = await tx.query<{ n: string }>(`SELECT count(*) AS n FROM attempt WHERE message_id = $1 AND state = 'absent'`, [message.id]);
    if (Number(row?.n ?? 0) < MOST_ATTEMPTS && message.request_id !== null) return putBack(tx, message.id, tx.now, message.tried);
    await setState(tx, message.id, 'call-list', 'provider-unclear');
    await recordOutcome(tx, message, attempt.subjects.map(({ id }) => id), { outcome: 'call-list', reason: 'provider-unclear', channel: attempt.channel });
  }

  private async neverLeft(tx: Tx, attempt: AttemptRow): Promise<void> {
    await tx.execute(`UPDATE attempt SET state = 'refused', lease_until = NULL, next_look_at = NULL WHERE id = $1`, [attempt.id]);
  }

  private async failed(tx: Tx, attempt: AttemptRow, message: MessageRow, why: ErrorClass): Promise<void> {
    if (why === 'opt-out') await changeConsent(tx, { channel: attempt.channel, idx: attempt.idx, state: 'opted-out', source: 'provider', host: attempt.host, sealedWords: null, messageSid: attempt.provider_id });
    if (why === 'number-permanent' || why === 'landline') await this.unreachable(tx, attempt.channel, attempt.idx, why);
    // Why: what never reached the handset is no text of the day.
    if (why === 'number-permanent' || why === 'landline' || why === 'number-maybe-transient') await tx.execute('UPDATE attempt SET counted = false WHERE id = $1', [attempt.id]);
    if (why === 'number-maybe-transient' && (await this.mayGoOnceMore(tx, attempt, message))) return putBack(tx, message.id, plusMs(tx.now, ONCE_MORE_AFTER), message.tried);
    const tried = [...new Set([...message.tried, attempt.channel])];
    // Why not after an ambiguous failure: it may have been read, and a second message elsewhere would be a duplicate.
    if (message.channels.some((channel) => !tried.includes(channel)) && why !== 'ambiguous') return putBack(tx, message.id, tx.now, tried);
    await setState(tx, message.id, message.must_reach ? 'call-list' : 'undelivered', why);
    await recordOutcome(tx, message, attempt.subjects.map(({ id }) => id), { outcome: message.must_reach ? 'call-list' : 'undelivered', reason: why, channel: attempt.channel });
  }

  /** One later try, and only while the step still has time after it. */
  private async mayGoOnceMore(tx: Tx, attempt: AttemptRow, message: MessageRow): Promise<boolean> {
    const later = plusMs(tx.now, ONCE_MORE_AFTER + MINUTE);
    // A mail is tried again for days by the servers themselves before it comes back.
    if (attempt.channel !== 'sms' || message.request_id === null || later >= message.visit_start || (message.expires_at !== null && later >= message.expires_at)) return false;
    const [row] = await tx.query<{ n: string }>(`SELECT count(*) AS n FROM attempt WHERE message_id = $1 AND channel = $2 AND state = 'accepted'`, [message.id, attempt.channel]);
    return Number(row?.n ?? 0) <= 1;
  }

  private async unreachable(tx: Tx, channel: Channel, idx: string, why: ErrorClass): Promise<void> {
    await tx.execute('UPDATE contact_point SET unreachable_at = $3, unreachable_reason = $4 WHERE channel = $1 AND idx = $2', [channel, idx, new Date(tx.now), why]);
    const patients = z.array(z.object({ patient: z.uuid() })).parse(await tx.query('SELECT DISTINCT patient FROM patient_contact WHERE channel = $1 AND idx = $2', [channel, idx]));
    await publishPreferences(tx, patients.map(({ patient }) => patient));
  }
}
