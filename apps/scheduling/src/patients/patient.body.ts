import { language, localDate, need, zone } from '@slotmesh/contracts';
import { z } from 'zod';
import { payer } from '../policies/policy.schema';
import { parsedBy } from '../shared/parsed-by';
import type { PatientRegistration } from './commands/register-patient';
import { parseEmail } from './domain/email';
import { parseName } from './domain/name';
import { parsePhone } from './domain/phone';

const recordNumber = z.string().trim().min(1).max(64);

/** What a desk enters. A phone number that cannot exist, an address that no mail server takes and a name that is none are refused at their field. */
export const patientBody = z.object({
  givenName: parsedBy(parseName),
  familyName: parsedBy(parseName),
  birthDate: localDate,
  phone: parsedBy(parsePhone).nullable().default(null),
  email: parsedBy(parseEmail).nullable().default(null),
  recordNumber: recordNumber.nullable().default(null),
  language: language.default('en'),
  /** Left out: the practice's. */
  zone: zone.nullable().default(null),
  needs: z.array(need).max(7).default([]),
  /** Who pays, such as `medicare` or `self-pay`; null: not known. Visit types may take some payers only. */
  payer: payer.nullable().default(null),
  /** The patient said yes to texts, to e-mails. */
  consent: z.object({ text: z.boolean().default(false), email: z.boolean().default(false) }).default({ text: false, email: false }),
});
export const patientChange = patientBody.extend({ deceased: z.boolean().default(false) });

export function registrationOf(body: z.output<typeof patientBody>): PatientRegistration {
  const { givenName, familyName, birthDate, phone, email } = body;
  return {
    facts: { givenName, familyName, birthDate, phone, email, recordNumber: body.recordNumber },
    language: body.language, zone: body.zone, needs: [...new Set(body.needs)], textConsent: body.consent.text, emailConsent: body.consent.email, payer: body.payer,
  };
}

/** All that is given must agree. It travels in the body, because a URL ends in logs. */
export const patientSearch = z.object({
  /** The full name, in either order: `Maria Alvarez` or `Alvarez, Maria`; case and accents do not matter. */
  name: z.string().trim().min(1).max(200).optional(),
  birthDate: localDate.optional(),
  phone: parsedBy(parsePhone).optional(),
  email: parsedBy(parseEmail).optional(),
  recordNumber: recordNumber.optional(),
  limit: z.int().min(1).max(100).default(20),
  cursor: z.string().max(120).optional(),
}).refine(({ name, birthDate, phone, email, recordNumber: number }) => [name, birthDate, phone, email, number].some((text) => text !== undefined), { path: ['name'], message: 'give a full name, birthDate, phone, email or recordNumber' });
