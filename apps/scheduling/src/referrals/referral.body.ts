import { instantText, localDate, patientId, practiceId, referralDeclineCode, referralUrgency, serviceCode } from '@slotmesh/contracts';
import { z } from 'zod';
import { parseEmail } from '../patients/domain/email';
import { parsePhone } from '../patients/domain/phone';
import { parsedBy } from '../shared/parsed-by';

const line = (most: number) => z.string().trim().min(1).max(most);

/** A document by where it is kept, never its content: the practices keep their own. */
export const reference = z.strictObject({
  title: line(200),
  url: z.url({ protocol: /^https$/, error: 'must be an https address' }).max(2_000).optional(),
  document: z.string().regex(/^[A-Za-z0-9._:/-]{1,200}$/, 'must be the id of a document').optional(),
  mediaType: z.string().regex(/^[a-z]+\/[a-z0-9][a-z0-9.+-]{0,80}$/, 'must be a media type, such as application/pdf'),
}).refine(({ url, document }) => (url === undefined) !== (document === undefined), { message: 'give either url or document', path: ['url'] });
export type Reference = z.output<typeof reference>;

/** What is written to the receiver: sealed as a whole. */
export const letter = z.object({ reason: z.string(), attachments: z.array(reference) });
export type Letter = z.output<typeof letter>;

const outsidePlace = z.strictObject({
  name: line(200), phone: parsedBy(parsePhone).nullable().default(null), fax: parsedBy(parsePhone).nullable().default(null), email: parsedBy(parseEmail).nullable().default(null), address: line(300).nullable().default(null),
}).refine(({ phone, fax, email, address }) => [phone, fax, email, address].some((way) => way !== null), { message: 'give a phone, fax, email or address', path: ['phone'] });

export const choiceBody = z.strictObject({
  /** The options in the order in which the patient was shown them; empty where the patient came with a wish. */
  shown: z.array(practiceId).max(50).refine((shown) => new Set(shown).size === shown.length, 'must name each practice once'),
  /** Left out: now. */
  at: instantText.optional(),
});

export const sendBody = z.strictObject({
  patient: patientId,
  /** A partner by its code, or a place outside the network. */
  to: z.union([z.strictObject({ practice: practiceId }), z.strictObject({ outside: outsidePlace })]),
  service: serviceCode,
  urgency: referralUrgency.default('routine'),
  /** The clinical question, for the sender's and the receiver's eyes. */
  reason: line(4_000),
  attachments: z.array(reference).max(20).default([]),
  needsAuthorisation: z.boolean().default(false),
  choice: choiceBody.optional(),
});

export const declineBody = z.strictObject({ code: referralDeclineCode, text: line(1_000) });
export const authoriseBody = z.strictObject({
  number: z.string().trim().regex(/^[A-Za-z0-9][A-Za-z0-9 ./-]{0,49}$/, "must be the payer's number: letters, digits, spaces, dots, slashes and hyphens"),
  /** The last day of the visits that it covers. */
  expires: localDate,
});
export const visitBody = z.strictObject({ start: instantText });
export const noteBody = z.strictObject({ note: reference });
