import { Injectable } from '@nestjs/common';
import { type AgreementId, DomainError, type PatientId, type PracticeId, type ReferralId, formatInstant } from '@slotmesh/kernel';
import { type Tx, newDataKey, seal, unseal, unwrapKey, wrapKey } from '@slotmesh/persistence';
import { PatientVault } from '../patients/patient-vault';
import { PatientRepository } from '../patients/persistence/patient.repository';
import { type Referral, sideOf } from './domain/referral';

export type WrittenField = keyof Referral['sealed'];
export interface Reader {
  readonly practice: PracticeId;
  readonly patient: PatientId;
}

/**
 * What is written in a referral, for the eyes of sender and receiver: sealed under a key of its own that is wrapped by the key of each side's record of the
 * patient, so that both read and write it for as long as they keep the record, whatever becomes of the agreement (P24). Never in an event or a message.
 */
@Injectable()
export class ReferralTexts {
  constructor(private readonly vault: PatientVault, private readonly patients: PatientRepository) {}

  /** A new key for a new referral, as it will be kept for both sides. */
  async newKey(tx: Tx, id: ReferralId, sender: Reader, receiver: (Reader & { readonly agreement: AgreementId }) | null): Promise<{ readonly key: Buffer; readonly keys: Referral['keys'] }> {
    const own = await this.recordKey(tx, sender);
    if (own === null) throw new Error('the record of the patient has no key');
    const key = newDataKey();
    return { key, keys: { sender: wrapKey(own, key, aad(id, 'key')), receiver: receiver === null ? null : wrapKey(await this.keyAtHost(tx, receiver), key, aad(id, 'key')) } };
  }

  /** The key as the practice, one of the two sides, holds it; null where its record of the patient was erased. */
  async keyOf(tx: Tx, referral: Referral, practice: PracticeId): Promise<Buffer | null> {
    const mine = sideOf(referral, practice) === 'sender' ? { patient: referral.patient, wrapped: referral.keys.sender } : { patient: referral.receiverPatient, wrapped: referral.keys.receiver };
    if (mine.patient === null || mine.wrapped === null) return null;
    const record = await this.recordKey(tx, { practice, patient: mine.patient });
    return record === null ? null : unwrapKey(record, mine.wrapped, aad(referral.id, 'key'));
  }

  seal(key: Buffer, id: ReferralId, field: WrittenField, text: string): string {
    return seal(key, text, aad(id, field));
  }
  open(key: Buffer, referral: Referral, field: WrittenField): string | null {
    const sealed = referral.sealed[field];
    return sealed === null ? null : unseal(key, sealed, aad(referral.id, field));
  }

  private async recordKey(tx: Tx, { practice, patient }: Reader): Promise<Buffer | null> {
    const row = await this.patients.find(tx, patient);
    return row === null || row.wrapped_key === null ? null : this.vault.patientKey(practice, await this.patients.practiceKey(tx, practice), patient, row.wrapped_key);
  }

  private async keyAtHost(tx: Tx, { practice, agreement, patient }: Reader & { readonly agreement: AgreementId }): Promise<Buffer> {
    const [at] = await tx.query<{ practice: string | null; patient: string | null }>(`SELECT host_key($1, $2, $3, 'referral-packet') AS practice, host_patient_key($1, $2, $3, $4) AS patient`, [practice, agreement, formatInstant(tx.now), patient]);
    if (!at?.practice || !at.patient) throw new DomainError('forbidden', 'agreement-not-in-force', 'No agreement between your practice and the receiver is in force. Look for options again.');
    return this.vault.patientKey(practice, at.practice, patient, at.patient);
  }
}

const aad = (id: ReferralId, field: string): string => `${id}:${field}`;
