import { newId } from '@slotmesh/kernel';
import type { Tx } from '@slotmesh/persistence';
import { z } from 'zod';
import { publishPreferences } from '../../consents/commands/publish-preferences';
import type { AnswerableVisit } from '../domain/visit-of-answer';
import type { Reply } from './read-reply';

/** Whose phone it is not, by whoever has it: of whom it was last written about, else of all that the practice has with it. */
export async function endLink(tx: Tx, reply: Reply, visits: readonly AnswerableVisit[]): Promise<string[]> {
  const [newest] = [...visits].sort((a, b) => b.sentAt - a.sentAt);
  await tx.query(`SELECT FROM contact_point WHERE channel = 'sms' AND idx = $1 FOR UPDATE`, [reply.idx]);
  const ended = z.array(z.object({ patient: z.uuid() })).parse(await tx.query(
    `UPDATE patient_contact SET wrong_at = $4 WHERE channel = 'sms' AND idx = $1 AND practice = $2 AND ($3::uuid[] IS NULL OR patient = ANY ($3)) AND wrong_at IS NULL RETURNING patient`, [reply.idx, reply.host, newest ? visits.filter(({ message }) => message === newest.message).map(({ patient }) => patient) : null, new Date(tx.now)])).map(({ patient }) => patient);
  await tx.execute(`INSERT INTO consent_evidence (id, practice, channel, idx, state, source, sealed_words, message_sid, at, scope) VALUES ($1, $2, 'sms', $3, 'wrong-number', 'text', $4, $5, $6, 'practice')`,
    [newId(), reply.host, reply.idx, reply.sealed_text, reply.message_sid, new Date(tx.now)]);
  for (const patient of ended) tx.audit.record({ action: 'contact-point.wrong', entity: 'contact-point', entityId: reply.idx, patient, details: { channel: 'sms', messageSid: reply.message_sid } });
  await publishPreferences(tx, ended);
  return ended;
}
