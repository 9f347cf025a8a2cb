import { ConsentChanged, practiceId } from '@slotmesh/contracts';
import { formatInstant, newId, toDate } from '@slotmesh/kernel';
import { type Tx, eventOf } from '@slotmesh/persistence';
import { z } from 'zod';
import { publishPreferences } from './publish-preferences';

export interface ConsentWords {
  readonly channel: 'sms' | 'email';
  readonly idx: string;
  readonly state: 'opted-in' | 'opted-out';
  readonly source: 'text' | 'provider' | 'one-click' | 'complaint';
  /** The practice whose number received it; it holds for all senders in any case. */
  readonly host: string | null;
  readonly sealedWords: string | null;
  readonly messageSid: string | null;
}

/**
 * STOP and START: for the phone, for all senders, at once (P17). Locks the contact point, so that no message whose intent is not yet written can still
 * pass the fence. Words and evidence are kept also where nothing changes. Returns whether the state changed.
 */
export async function changeConsent(tx: Tx, given: ConsentWords): Promise<boolean> {
  const { channel, idx, state, host } = given;
  const out = state === 'opted-out';
  await tx.execute('INSERT INTO contact_point (channel, idx) VALUES ($1, $2) ON CONFLICT DO NOTHING', [channel, idx]);
  const [point] = await tx.query<{ opted_out_at: Date | null }>('SELECT opted_out_at FROM contact_point WHERE channel = $1 AND idx = $2 FOR UPDATE', [channel, idx]);
  await tx.execute(
    'INSERT INTO consent_evidence (id, practice, channel, idx, state, source, sealed_words, message_sid, at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)',
    [newId(), host, channel, idx, state, given.source, given.sealedWords, given.messageSid, toDate(tx.now)],
  );
  if ((point?.opted_out_at !== null && point?.opted_out_at !== undefined) === out) return false;
  await tx.execute('UPDATE contact_point SET opted_out_at = $3 WHERE channel = $1 AND idx = $2', [channel, idx, out ? toDate(tx.now) : null]);
  tx.audit.record({ action: `consent.${state}`, entity: 'contact-point', entityId: idx, details: { channel, source: given.source, messageSid: given.messageSid } });
  tx.outbox.add(eventOf(ConsentChanged, { key: idx, host: host === null ? null : practiceId.parse(host) }, { index: idx, channel, state, scope: 'all', practice: host, at: formatInstant(tx.now) }));
  const patients = z.array(z.object({ patient: z.uuid() })).parse(await tx.query('SELECT DISTINCT patient FROM patient_contact WHERE channel = $1 AND idx = $2', [channel, idx]));
  await publishPreferences(tx, patients.map(({ patient }) => patient));
  return true;
}
