import { ConsentChanged, practiceId } from '@slotmesh/contracts';
import { formatInstant, newId, toDate } from '@slotmesh/kernel';
import { type Tx, eventOf } from '@slotmesh/persistence';
import { z } from 'zod';
import type { OptOut } from '../domain/opt-out';
import { publishPreferences } from './publish-preferences';

/** How we know: a text to us, the provider or carrier, somebody at the desk, the one click of a mail, a complaint to the mailbox's provider, or the record of the patient at registration or booking. */
export type ConsentSource = 'text' | 'provider' | 'in-person' | 'phone' | 'paper' | 'one-click' | 'complaint' | 'record';

export interface ConsentWords {
  readonly channel: 'sms' | 'email';
  readonly idx: string;
  readonly state: 'opted-in' | 'opted-out';
  readonly source: ConsentSource;
  /** The practice whose number received it; STOP holds for all senders in any case. */
  readonly host: string | null;
  /** The exact words, sealed: under the key of the receiving number, or of `patient` where that is given. */
  readonly sealedWords: string | null;
  readonly messageSid: string | null;
  /** Absent: everything, of everybody. */
  readonly scope?: OptOut;
  /** Who wrote it down, where a person did. */
  readonly recordedBy?: string;
  readonly patient?: string;
}

const EVERYTHING: OptOut = { practice: null, class: null };

/**
 * STOP and START, and what is narrower: for the phone, at once (P17). Locks the contact point, so that no message whose intent is not yet written can still
 * pass the fence. Words and evidence are kept also where nothing changes. A yes to everything lifts the narrow ones as well. Returns whether the state changed.
 */
export async function changeConsent(tx: Tx, given: ConsentWords): Promise<boolean> {
  const { channel, idx, state, host, scope = EVERYTHING } = given;
  await tx.execute('INSERT INTO contact_point (channel, idx) VALUES ($1, $2) ON CONFLICT DO NOTHING', [channel, idx]);
  await tx.query('SELECT FROM contact_point WHERE channel = $1 AND idx = $2 FOR UPDATE', [channel, idx]);
  await tx.execute(
    `INSERT INTO consent_evidence (id, practice, channel, idx, state, source, sealed_words, message_sid, at, scope, class, recorded_by, patient) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)`,
    [newId(), host, channel, idx, state, given.source, given.sealedWords, given.messageSid, toDate(tx.now), scope.practice === null ? 'all' : 'practice', scope.class, given.recordedBy ?? null, given.patient ?? null],
  );
  const changed = await applied(tx, given, scope);
  if (!changed) return false;
  tx.audit.record({ action: `consent.${state}`, entity: 'contact-point', entityId: idx, ...(given.patient ? { patient: given.patient } : {}), details: { channel, source: given.source, messageSid: given.messageSid, scope: scope.practice ?? 'all', class: scope.class } });
  tx.outbox.add(eventOf(ConsentChanged, { key: idx, host: host === null ? null : practiceId.parse(host) }, {
    index: idx, channel, state, scope: scope.practice === null ? 'all' : 'practice', ...(scope.class === null ? {} : { class: scope.class }), practice: host === null ? null : practiceId.parse(host), at: formatInstant(tx.now),
  }));
  const patients = z.array(z.object({ patient: z.uuid() })).parse(await tx.query('SELECT DISTINCT patient FROM patient_contact WHERE channel = $1 AND idx = $2', [channel, idx]));
  await publishPreferences(tx, patients.map(({ patient }) => patient));
  return true;
}

async function applied(tx: Tx, { channel, idx, state, host, recordedBy }: ConsentWords, scope: OptOut): Promise<boolean> {
  const all = scope.practice === null && scope.class === null;
  if (state === 'opted-out' && all) return (await tx.execute('UPDATE contact_point SET opted_out_at = $3 WHERE channel = $1 AND idx = $2 AND opted_out_at IS NULL', [channel, idx, toDate(tx.now)])) > 0;
  if (state === 'opted-out') return (await tx.execute('INSERT INTO narrow_opt_out (channel, idx, practice, class, at) VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING', [channel, idx, scope.practice, scope.class, toDate(tx.now)])) > 0;
  // A yes to a practice, or to one class of it, lifts what is as narrow or narrower. What a desk hears is a yes to itself: another practice's no stays.
  const narrow = await tx.execute('DELETE FROM narrow_opt_out WHERE channel = $1 AND idx = $2 AND ($3::text IS NULL OR practice = $3) AND ($4::text IS NULL OR class = $4)', [channel, idx, recordedBy === undefined ? scope.practice : host, scope.class]);
  const lifted = all ? await tx.execute('UPDATE contact_point SET opted_out_at = NULL WHERE channel = $1 AND idx = $2 AND opted_out_at IS NOT NULL', [channel, idx]) : 0;
  return narrow + lifted > 0;
}
