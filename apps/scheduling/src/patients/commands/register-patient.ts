import { Injectable } from '@nestjs/common';
import type { Language, Need } from '@slotmesh/contracts';
import { type PatientId, type PersonId, type PracticeId, newId } from '@slotmesh/kernel';
import type { Tx } from '@slotmesh/persistence';
import { tellPatientRecorded } from '../patient-recorded';
import { type PatientFacts, PatientVault } from '../patient-vault';
import { PatientAlreadyRegistered, refusingTakenNumber, requireBorn } from '../patient.errors';
import { PatientRepository, type PatientRow, columnsOf } from '../persistence/patient.repository';

export interface PatientRegistration {
  readonly facts: PatientFacts;
  readonly language: Language;
  /** Null: the practice's. */
  readonly zone: string | null;
  readonly needs: readonly Need[];
  readonly textConsent: boolean;
  readonly emailConsent: boolean;
  readonly payer?: string | null;
}
export interface RegisteredPatient {
  readonly id: PatientId;
  readonly practice: PracticeId;
  readonly person: PersonId;
  /** The person was known to a partner already. */
  readonly linked: boolean;
  readonly version: number;
}

/**
 * Makes a practice's record of a patient. The same person is recognised in the partnership only where full name, birth date and a phone or e-mail agree:
 * never by a phone or a birth date alone (twins). Throws PatientAlreadyRegistered, RecordNumberTaken.
 */
@Injectable()
export class RegisterPatient {
  constructor(private readonly vault: PatientVault, private readonly patients: PatientRepository) {}

  async execute(tx: Tx, practice: PracticeId, registration: PatientRegistration): Promise<RegisteredPatient> {
    requireBorn(registration.facts, tx.now);
    const indexes = this.vault.indexesOf(registration.facts);
    await this.patients.lockIdentity(tx, indexes);
    const known = await this.patients.sameInPractice(tx, practice, indexes);
    if (known) throw new PatientAlreadyRegistered(known);
    const recognised = await this.patients.knownPerson(tx, indexes);
    const person = recognised ?? newId<PersonId>();
    if (!recognised) await this.patients.addPerson(tx, person, practice);
    const zone = registration.zone ?? (await this.patients.practiceZone(tx, practice));
    const row = this.sealed(newId<PatientId>(), practice, person, await this.patients.practiceKey(tx, practice), { ...registration, zone });
    await refusingTakenNumber(() => this.patients.add(tx, row));
    await tellPatientRecorded(tx, row);
    // Why: a partner may be recording whose phone it is in the same moment, and neither sees the other.
    if (recognised) await this.patients.markRepresentativesChanged(tx, person);
    tx.audit.record({ action: 'patient.registered', entity: 'patient', entityId: row.id, patient: row.id, details: { person, linked: recognised !== null } });
    return { id: row.id, practice, person, linked: recognised !== null, version: row.version };
  }

  /** The row of a new patient, sealed under a new key of its own. */
  sealed(id: PatientId, practice: PracticeId, person: PersonId, practiceKey: string, registration: PatientRegistration & { readonly zone: string }): PatientRow {
    const { key, wrapped } = this.vault.newPatientKey(practice, practiceKey, id);
    return {
      id, practice_id: practice, person_id: person, wrapped_key: wrapped, ...columnsOf(this.vault.seal(key, id, registration.facts), this.vault.indexesOf(registration.facts)),
      language: registration.language, zone: registration.zone, needs: [...registration.needs], text_consent: registration.textConsent, email_consent: registration.emailConsent,
      deceased: false, payer: registration.payer ?? null, version: 1,
    };
  }
}
