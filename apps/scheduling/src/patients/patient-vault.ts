import { createHmac } from 'node:crypto';
import type { LocalDate, PatientId, PracticeId } from '@slotmesh/kernel';
import { type IndexedField, blindIndexOf, foldName, newDataKey, seal, unseal, unwrapKey, wrapKey } from '@slotmesh/persistence';

/** Who the patient is and how to reach them. Phone in E.164, e-mail in lower case. */
export interface PatientFacts {
  readonly givenName: string;
  readonly familyName: string;
  readonly birthDate: LocalDate;
  readonly phone: string | null;
  readonly email: string | null;
  /** The practice's own number of the patient. */
  readonly recordNumber: string | null;
}
export type PatientField = keyof PatientFacts;
/** The same, each sealed under the patient's key with `patient id:field` as additional data. */
export type SealedFacts = { readonly [Field in PatientField]: PatientFacts[Field] extends string ? string : string | null };
export interface FactIndexes {
  readonly name: string;
  readonly birthDate: string;
  readonly phone: string | null;
  readonly email: string | null;
  readonly recordNumber: string | null;
}

/**
 * Keys and sealing of what identifies patients (P24). A practice's key is wrapped by the master key, a patient's by the practice's: destroying one
 * wrapped key makes everything below it unreadable for good.
 */
export class PatientVault {
  constructor(private readonly masterKey: Buffer, private readonly indexKey: Buffer) {}

  newPracticeKey(practice: PracticeId): string {
    return wrapKey(this.masterKey, newDataKey(), practice);
  }

  /** A new data key for a patient and its form at rest. `practiceKey` is the practice's wrapped key. */
  newPatientKey(practice: PracticeId, practiceKey: string, patient: PatientId): { key: Buffer; wrapped: string } {
    const key = newDataKey();
    return { key, wrapped: wrapKey(this.unwrapPracticeKey(practice, practiceKey), key, patient) };
  }

  patientKey(practice: PracticeId, practiceKey: string, patient: PatientId, wrapped: string): Buffer {
    return unwrapKey(this.unwrapPracticeKey(practice, practiceKey), wrapped, patient);
  }

  seal(key: Buffer, patient: PatientId, facts: PatientFacts): SealedFacts {
    const required = (field: PatientField, text: string) => seal(key, text, aadOf(patient, field));
    const optional = (field: PatientField, text: string | null) => (text === null ? null : required(field, text));
    return {
      givenName: required('givenName', facts.givenName), familyName: required('familyName', facts.familyName), birthDate: required('birthDate', facts.birthDate),
      phone: optional('phone', facts.phone), email: optional('email', facts.email), recordNumber: optional('recordNumber', facts.recordNumber),
    };
  }

  /** One field alone. Throws where the key does not belong to the patient or the field was moved. */
  openField(key: Buffer, patient: PatientId, field: PatientField, sealed: string): string {
    return unseal(key, sealed, aadOf(patient, field));
  }

  /** Throws where the key does not belong to the patient or a field was moved. */
  open(key: Buffer, patient: PatientId, sealed: SealedFacts): PatientFacts {
    const required = (field: PatientField, text: string) => unseal(key, text, aadOf(patient, field));
    const optional = (field: PatientField, text: string | null) => (text === null ? null : required(field, text));
    return {
      givenName: required('givenName', sealed.givenName), familyName: required('familyName', sealed.familyName),
      // Why no parser: only a parsed date was sealed, and the tag proves that nobody changed it.
      birthDate: required('birthDate', sealed.birthDate) as LocalDate,
      phone: optional('phone', sealed.phone), email: optional('email', sealed.email), recordNumber: optional('recordNumber', sealed.recordNumber),
    };
  }

  indexesOf(facts: PatientFacts): FactIndexes {
    const optional = (field: IndexedField, text: string | null) => (text === null ? null : this.indexOf(field, text));
    return {
      name: this.indexOf('name', `${facts.givenName} ${facts.familyName}`), birthDate: this.indexOf('birthDate', facts.birthDate),
      phone: optional('phone', facts.phone), email: optional('email', facts.email), recordNumber: optional('recordNumber', facts.recordNumber),
    };
  }

  /** Text that belongs to a practice rather than to a field of a patient, bound to its place. */
  sealForPractice(practice: PracticeId, practiceKey: string, place: string, text: string): string {
    return seal(this.unwrapPracticeKey(practice, practiceKey), text, `${practice}:${place}`);
  }
  openForPractice(practice: PracticeId, practiceKey: string, place: string, sealed: string): string {
    return unseal(this.unwrapPracticeKey(practice, practiceKey), sealed, `${practice}:${place}`);
  }

  /** The blind index to look for. Phones must be in E.164, dates ISO; the rest is normalised here. */
  indexOf(field: IndexedField, text: string): string {
    return blindIndexOf(this.indexKey, field, normalised[field](text));
  }

  /** Tells whether a repeated request is the same without keeping anything that could be guessed from its hash. */
  fingerprintOf(request: unknown): string {
    return createHmac('sha256', this.indexKey).update(`request\0${JSON.stringify(request)}`).digest('base64url');
  }

  private unwrapPracticeKey(practice: PracticeId, wrapped: string): Buffer {
    return unwrapKey(this.masterKey, wrapped, practice);
  }
}

/** A value never opens in another field or under another patient. */
export const aadOf = (patient: PatientId, field: string): string => `${patient}:${field}`;

const same = (text: string): string => text;
const normalised: Readonly<Record<IndexedField, (text: string) => string>> = {
  phone: same, birthDate: same, email: (text) => text.trim().toLowerCase(), name: foldName, recordNumber: (text) => text.trim().toUpperCase(),
};
