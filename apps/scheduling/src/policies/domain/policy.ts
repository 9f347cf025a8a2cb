import { type DomainError, type Instant, type LocalDate, type Zone, localDateOf } from '@slotmesh/kernel';
import type { Language } from '@slotmesh/contracts';
import type { Modality } from '../../openings/domain/opening';
import type { Question } from './questions';

/** What a host asks of a patient before one of its visit types can be booked. */
export interface Policy {
  readonly patients: 'any' | 'new' | 'established';
  /** How a new patient may be seen first; null: in any way. */
  readonly newPatientModalities: readonly Modality[] | null;
  readonly referralRequired: boolean;
  readonly authorisationRequired: boolean;
  /** Null: any payer, also one that is not known. */
  readonly payers: readonly string[] | null;
  /** The provider speaks the patient's language. */
  readonly providerSpeaksLanguage: boolean;
  readonly minAgeYears: number | null;
  readonly maxAgeYears: number | null;
  /** Real hours before the start, from when on calling off counts as late; null: never. */
  readonly cancellationWindowHours: number | null;
  readonly marks: MarksRule | null;
  readonly questions: readonly Question[];
}

/** How many late cancels and no-shows a host lets pass. */
export interface MarksRule {
  readonly max: number;
  readonly withinDays: number;
}

/** What the booking practice knows of its patient. Only the refusal leaves it. */
export interface PatientFacts {
  readonly birthDate: LocalDate;
  readonly language: Language;
  readonly payer: string | null;
  /** Until when the patient counts as established with the host. */
  readonly establishedUntil: Instant | null;
  /** The referral that the visit comes from, or may come from. */
  readonly referral: { readonly authorisationExpires: LocalDate | null; /** The visit is bound to it. */ readonly follows: boolean } | null;
}
export interface AskedVisit {
  readonly start: Instant;
  readonly zone: Zone;
  readonly modality: Modality;
  /** The provider's. */
  readonly languages: readonly string[];
  /** What the provider takes; empty: all. */
  readonly payers: readonly string[];
}

export type PolicyCode =
  | 'policy-established-patients' | 'policy-new-patients' | 'policy-modality' | 'policy-referral-required' | 'policy-authorisation-required' | 'policy-authorisation-expired'
  | 'policy-payer-unknown' | 'policy-payer' | 'policy-language' | 'policy-age';
export interface PolicyRefusal {
  readonly allowed: false;
  readonly code: PolicyCode;
  readonly message: string;
  /** `conflict`: another time would do. */
  readonly kind: Extract<DomainError['kind'], 'unprocessable' | 'conflict'>;
}
export type PolicyDecision = { readonly allowed: true } | PolicyRefusal;

/**
 * A patient is established who was seen by the practice within three years before: the rule of CPT (AMA, Evaluation and Management Services Guidelines, "New and
 * Established Patients"), here a fulfilled visit that ended at most this many months before the visit begins.
 */
export const ESTABLISHED_MONTHS = 36;

/** The one decision, for search, booking, move and offer. Safe with no policy: then only what the provider takes, and an authorisation that has run out, are looked at. */
export function decidePolicy(policy: Policy | null, patient: PatientFacts, visit: AskedVisit): PolicyDecision {
  const date = localDateOf(visit.start, visit.zone);
  const established = patient.establishedUntil !== null && visit.start <= patient.establishedUntil;
  const { referral, payer } = patient;
  const expires = referral?.authorisationExpires ?? null;

  if (expires !== null && date > expires && (referral?.follows || policy?.authorisationRequired)) return refuse('policy-authorisation-expired', `The authorisation covers visits up to ${expires}. Choose an earlier time, or have the receiver record a new authorisation`, 'conflict');
  if (payer !== null && visit.payers.length > 0 && !has(visit.payers, payer)) return refuse('policy-payer', "The provider does not take the patient's payer. Search with payer= for one who does, or correct the patient's payer");
  if (policy === null) return ALLOWED;
  if (policy.patients === 'established' && !established) return refuse('policy-established-patients', `This visit is for established patients: seen by the host within ${ESTABLISHED_MONTHS} months before, as far as your practice knows. Choose a visit for new patients first, or call the host`);
  if (policy.patients === 'new' && established) return refuse('policy-new-patients', 'This visit is for new patients, and the host has seen this one already, as far as your practice knows. Choose a visit for established patients');
  if (!established && policy.newPatientModalities !== null && !policy.newPatientModalities.includes(visit.modality)) return refuse('policy-modality', `The host sees new patients first ${policy.newPatientModalities.join(' or ')}. Choose such a visit`);
  if ((policy.referralRequired || policy.authorisationRequired) && referral === null) return refuse('policy-referral-required', 'The host asks for a referral. Send one by POST /referrals, or name the accepted one as `referral`');
  if (policy.authorisationRequired && expires === null) return refuse('policy-authorisation-required', "The host asks for the payer's authorisation. Have it recorded at the referral (POST /referrals/{id}/authorise), then book with that referral");
  if (policy.payers !== null && payer === null) return refuse('policy-payer-unknown', "The host takes only some payers. Record the patient's payer first");
  if (policy.payers !== null && payer !== null && !has(policy.payers, payer)) return refuse('policy-payer', `The host takes only ${policy.payers.join(', ')} for this visit. Choose another practice, or correct the patient's payer`);
  if (policy.providerSpeaksLanguage && !visit.languages.includes(patient.language)) return refuse('policy-language', "The provider does not speak the patient's language, and this visit needs it. Search with language= for one who does");
  const age = ageOn(patient.birthDate, date);
  if (policy.minAgeYears !== null && age < policy.minAgeYears) return refuse('policy-age', `This visit is for patients of ${policy.minAgeYears} years or older on its day. Choose another kind of visit`);
  if (policy.maxAgeYears !== null && age > policy.maxAgeYears) return refuse('policy-age', `This visit is for patients of ${policy.maxAgeYears} years or younger on its day. Choose another kind of visit`);
  return ALLOWED;
}

/** Whole years on a day. Born on 29 February: a year older on 1 March where there is no 29th. */
export function ageOn(birthDate: LocalDate, date: LocalDate): number {
  const [year, day] = [Number(date.slice(0, 4)), date.slice(5)];
  return year - Number(birthDate.slice(0, 4)) - (day < birthDate.slice(5) ? 1 : 0);
}

const ALLOWED: PolicyDecision = { allowed: true };
const refuse = (code: PolicyCode, message: string, kind: PolicyRefusal['kind'] = 'unprocessable'): PolicyRefusal => ({ allowed: false, code, message: `${message}.`, kind });
const has = (payers: readonly string[], payer: string): boolean => payers.some((one) => one.toLowerCase() === payer.toLowerCase());
