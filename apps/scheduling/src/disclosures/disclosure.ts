import { type AgreementId, type Instant, type PatientId, type PracticeId, type Zone, formatInstant } from '@slotmesh/kernel';

/** Profiles by which a record of a person leaves its practice. */
export type RecordProfile = 'booking' | 'referral-packet';
/** And those by which a person of a partner looks into it. */
export type DisclosedProfile = RecordProfile | 'emergency' | 'desk-work';
/** Of a `change` it is no single visit: whatever was given before is brought up to date. Entries of lists were shown to somebody of a partner who works the list by agreement. */
export interface Because {
  readonly kind: 'appointment' | 'referral' | 'change' | 'waitlist-entry' | 'offer' | 'call' | 'reply';
  readonly id: string | null;
}
export interface Disclosure {
  readonly id: string;
  readonly at: Instant;
  /** Of the practice that disclosed. */
  readonly zone: Zone;
  readonly patient: PatientId;
  readonly to: PracticeId;
  readonly toName: string | null;
  readonly purpose: string;
  readonly profile: DisclosedProfile;
  readonly agreement: AgreementId | null;
  /** Null: disclosed before this was kept. */
  readonly because: Because | null;
}

/** The brief description that 45 CFR 164.528(b)(2)(iii) asks for. */
const WHAT: Readonly<Record<DisclosedProfile, string>> = {
  booking: 'name, birth date, phone, e-mail, language, needs and consents; with a visit its time, reason and answers',
  'referral-packet': 'name, birth date, phone, e-mail, language, needs and consents; with a referral its letter',
  emergency: 'name, birth date, phone, language, needs and coming visits',
  'desk-work': 'the entry of the list: who by id, what is waited for, offered or to be phoned about; of a reply its text and number',
};

export const viewOfDisclosure = ({ at, profile, because, ...disclosure }: Disclosure) => ({ ...disclosure, at: formatInstant(at), profile, what: WHAT[profile], because: because?.kind ?? null, becauseId: because?.id ?? null });
/** The columns of the CSV, in their order. */
export const disclosureColumns = ['id', 'at', 'zone', 'patient', 'to', 'toName', 'purpose', 'profile', 'what', 'because', 'becauseId', 'agreement'] as const;
