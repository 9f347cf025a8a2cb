import { z } from 'zod';
import { language, patientId, practiceId, zone } from '../primitives';
import { topics } from '../topics';
import { defineEvent } from './define-event';

/** AES-256-GCM under the patient's data key, base64url of nonce + ciphertext + tag; AAD = patient id + ':' + field (P24). */
export const sealedText = z.string().regex(/^[A-Za-z0-9_-]{38,}$/);
/** HMAC-SHA-256 under the network key, base64url: equal values are equal, nothing else can be read from it. */
export const blindIndex = z.string().regex(/^[A-Za-z0-9_-]{43}$/);

export const contactPoint = z.object({
  channel: z.enum(['sms', 'email']),
  index: blindIndex,
  /** Sealed with field `phone` or `email`. */
  sealed: sealedText,
  /** The patient said yes to texts or mails of this practice when booking or registering. */
  consented: z.boolean(),
  /** The representative whose phone or address it is, where it is not the patient's own: nothing about a confidential visit goes there. */
  representative: z.uuid().optional(),
});
export const need = z.enum(['interpreter', 'sign-language', 'wheelchair', 'longer-visit', 'text-only', 'voice-only', 'relay']);
export type Need = z.output<typeof need>;

export const PatientRecorded = defineEvent(topics.patient, 'recorded', "A practice's record of a patient, as it stands now.", z.object({
  id: patientId, practice: practiceId, language, zone,
  /** Sealed with field `givenName`. */
  givenName: sealedText,
  contactPoints: z.array(contactPoint),
  needs: z.array(need),
  deceased: z.boolean(),
}));
export const PatientErased = defineEvent(topics.patient, 'erased', "The patient's key was destroyed: what was sealed can no longer be read.", z.object({ id: patientId, practice: practiceId }));
