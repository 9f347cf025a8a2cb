import { Injectable } from '@nestjs/common';
import { type EmergencyAccessId, type LocalDate, type PracticeId, newId, plusMinutes } from '@slotmesh/kernel';
import type { Tx } from '@slotmesh/persistence';
import type { Signatory } from '../../agreements/domain/agreement-version';
import { PatientVault } from '../../patients/patient-vault';
import { PatientRepository } from '../../patients/persistence/patient.repository';
import type { EmergencyAccess } from '../domain/emergency-access';
import { EmergencyPatientNotFound, NothingAgreed, OwnPatient } from '../domain/emergency-access.errors';
import { EmergencyAccessRepository } from '../persistence/emergency-access.repository';
import { tellBoth } from '../told-to-both';

export interface EmergencyAsked {
  readonly host: PracticeId;
  readonly givenName: string;
  readonly familyName: string;
  readonly birthDate: LocalDate;
  readonly reason: string;
  readonly minutes: number;
}

/** Opens one patient's minimum at a partner to one person, for a while. Throws OwnPatient, NothingAgreed, EmergencyPatientNotFound. */
@Injectable()
export class BeginEmergencyAccess {
  constructor(private readonly accesses: EmergencyAccessRepository, private readonly vault: PatientVault, private readonly patients: PatientRepository) {}

  async execute(tx: Tx, by: Signatory, asked: EmergencyAsked): Promise<EmergencyAccess> {
    const { host, reason } = asked;
    if (host === by.practice) throw new OwnPatient();
    const agreement = await this.accesses.agreementBetween(tx, host, by.practice, tx.now);
    if (agreement === null) throw new NothingAgreed();
    const patient = await this.accesses.patientOf(tx, host, agreement, tx.now, this.vault.indexOf('name', `${asked.givenName} ${asked.familyName}`), this.vault.indexOf('birthDate', asked.birthDate));
    const hostKey = await this.accesses.hostKey(tx, host, agreement, tx.now);
    if (patient === null || hostKey === null) throw new EmergencyPatientNotFound();
    const id = newId<EmergencyAccessId>();
    const access: EmergencyAccess = {
      id, practice: by.practice, host, agreement, patient, by: by.subject, begunAt: tx.now, endsAt: plusMinutes(tx.now, asked.minutes), endedAt: null, endedBy: null, uses: 0, lastUsedAt: null, acknowledgedAt: null, acknowledgedBy: null,
    };
    const ownKey = await this.patients.practiceKey(tx, by.practice);
    await this.accesses.add(tx, access, { forPractice: this.vault.sealForPractice(by.practice, ownKey, placeOf(id, 'reason'), reason), forHost: this.vault.sealForPractice(host, hostKey, placeOf(id, 'reason'), reason) });
    tellBoth(tx, access, 'begun');
    return access;
  }
}

/** Where a text of it lies, so that it opens nowhere else. */
export const placeOf = (id: EmergencyAccessId, what: 'reason' | 'acknowledgement'): string => `emergency-access:${id}:${what}`;
