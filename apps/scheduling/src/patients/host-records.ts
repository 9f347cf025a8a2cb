import { Injectable } from '@nestjs/common';
import { type AgreementId, DomainError, type PatientId, type PracticeId, formatInstant, newId } from '@slotmesh/kernel';
import type { Tx } from '@slotmesh/persistence';
import { tellPatientRecorded } from './patient-recorded';
import { type PatientFacts, PatientVault } from './patient-vault';
import type { Because, RecordProfile } from '../disclosures/disclosure';
import { DataNotShared, PatientRestricts } from '../disclosures/disclosure.errors';
import { PatientErased, PatientUnknown } from './patient.errors';
import { PatientRepository, type PatientRow, columnsOf, sealedFactsOf } from './persistence/patient.repository';

type Refusal = 'agreement-not-in-force' | 'data-not-shared' | 'patient-restricts';
const agreementNotInForce = (): DomainError => new DomainError('forbidden', 'agreement-not-in-force', 'No agreement between your practice and the host is in force. Search again.');
interface GivenRecord { id: PatientId; practice_id: PracticeId; wrapped_key: string; version: number; agreement_id: AgreementId; host_key: string; profile: RecordProfile }

/**
 * A booking or a referral across practices gives the host a minimal record of its own (name, birth date, contact, language, needs; never the record number), sealed
 * under the host's key, so that the host can remind; the disclosure is logged (facts/governance.md: treatment, 45 CFR 164.506(c)(2)).
 */
@Injectable()
export class HostRecords {
  constructor(private readonly vault: PatientVault, private readonly patients: PatientRepository) {}

  /**
   * The host's record of the booking or referring practice's patient: the one it has, or a new one. Part of its transaction, whose tenant is that
   * practice. Locks the practice's own record and the person, so it comes after resources, holds, appointments and the referral (P1). Throws PatientUnknown, PatientErased, PatientRestricts, DataNotShared, and `agreement-not-in-force`.
   */
  async hostRecordFor(tx: Tx, given: { host: PracticeId; agreement: AgreementId; patient: PatientId; profile: RecordProfile; because: Because }): Promise<PatientId> {
    const { host, agreement, profile } = given;
    const guest = await this.patients.find(tx, given.patient);
    if (!guest || guest.practice_id !== tx.actor.practice) throw new PatientUnknown();
    if (guest.wrapped_key === null) throw new PatientErased();
    const at = formatInstant(tx.now);
    const [found] = await tx.query<{ record: PatientId | null; refusal: Refusal | null }>('SELECT record, refusal FROM record_for_host($1, $2, $3, $4, $5)', [host, agreement, at, guest.id, profile]);
    if (found?.refusal === 'data-not-shared') throw new DataNotShared(host, profile);
    if (found?.refusal === 'patient-restricts') throw new PatientRestricts(host);
    if (!found || found.refusal !== null) throw agreementNotInForce();
    const record = found.record ?? (await this.register(tx, guest, guest.wrapped_key, host, agreement, at, profile));
    await this.disclose(tx, guest, host, agreement, record, profile, given.because);
    return record;
  }

  /**
   * What a booking practice learns of its patient also reaches the hosts of coming visits, who remind, and the receivers of open referrals: the minimal records that it gave are sealed anew and the
   * disclosure is logged. A record that its host keeps itself is left alone, and so is that of a host to whom the patient restricts it or the agreement lets it go no more.
   */
  async bringUpToDate(tx: Tx, guest: PatientRow, facts: PatientFacts): Promise<void> {
    const at = formatInstant(tx.now);
    const given = await tx.query<GivenRecord>('SELECT id, practice_id, wrapped_key, version, agreement_id, host_key, profile FROM given_records($1, $2)', [guest.id, at]);
    for (const record of given) {
      const shared = { ...facts, recordNumber: null };
      const sealed = this.vault.seal(this.vault.patientKey(record.practice_id, record.host_key, record.id, record.wrapped_key), record.id, shared);
      const row: PatientRow = {
        ...guest, ...columnsOf(sealed, this.vault.indexesOf(shared)), id: record.id, practice_id: record.practice_id, wrapped_key: record.wrapped_key, version: record.version + 1,
      };
      const [answer] = await tx.query<{ changed: boolean }>('SELECT change_given_record($1, $2, $3, $4) AS changed', [record.agreement_id, at, JSON.stringify(row), record.profile]);
      if (!answer?.changed) continue;
      await tellPatientRecorded(tx, row);
      await this.disclose(tx, guest, record.practice_id, record.agreement_id, record.id, record.profile, { kind: 'change', id: null });
    }
  }

  private async disclose(tx: Tx, guest: PatientRow, host: PracticeId, agreement: AgreementId, record: PatientId, profile: RecordProfile, because: Because): Promise<void> {
    await tx.execute('INSERT INTO disclosure (id, practice_id, to_practice_id, patient_id, purpose, profile, agreement_id, at, because_kind, because_id) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)', [
      newId(), guest.practice_id, host, guest.id, 'treatment', profile, agreement, formatInstant(tx.now), because.kind, because.id,
    ]);
    tx.audit.record({ action: 'patient.disclosed', entity: 'patient', entityId: guest.id, patient: guest.id, details: { to: host, purpose: 'treatment', profile, agreement, record } });
  }

  private async register(tx: Tx, guest: PatientRow, wrapped: string, host: PracticeId, agreement: AgreementId, at: string, profile: RecordProfile): Promise<PatientId> {
    const [key] = await tx.query<{ wrapped: string | null }>('SELECT host_key($1, $2, $3, $4) AS wrapped', [host, agreement, at, profile]);
    if (!key?.wrapped) throw agreementNotInForce();
    const guestKey = this.vault.patientKey(guest.practice_id, await this.patients.practiceKey(tx, guest.practice_id), guest.id, wrapped);
    const facts = { ...this.vault.open(guestKey, guest.id, sealedFactsOf(guest)), recordNumber: null };
    const id = newId<PatientId>();
    const own = this.vault.newPatientKey(host, key.wrapped, id);
    const row: PatientRow = {
      ...guest, ...columnsOf(this.vault.seal(own.key, id, facts), this.vault.indexesOf(facts)),
      id, practice_id: host, wrapped_key: own.wrapped, version: 1,
    };
    const [registered] = await tx.query<{ id: PatientId }>('SELECT register_guest_patient($1, $2, $3, $4, $5) AS id', [host, agreement, at, JSON.stringify(row), profile]);
    if (!registered) throw new Error('the host kept no record');
    // Another booking of the same person may have been first: then its record stands and this one was never stored.
    if (registered.id === id) await tellPatientRecorded(tx, row);
    return registered.id;
  }
}
