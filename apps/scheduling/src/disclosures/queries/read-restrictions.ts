import { Injectable } from '@nestjs/common';
import { type PatientId, type PracticeId, formatInstant } from '@slotmesh/kernel';
import type { Tx } from '@slotmesh/persistence';
import { PatientVault } from '../../patients/patient-vault';
import { PatientUnknown } from '../../patients/patient.errors';
import { PatientRepository } from '../../patients/persistence/patient.repository';
import { placeOfReason } from '../commands/restrict-sharing';
import { type Restriction, RestrictionRepository } from '../persistence/restriction.repository';

/** Also those that have ended. Throws PatientUnknown. */
@Injectable()
export class ReadRestrictions {
  constructor(private readonly patients: PatientRepository, private readonly vault: PatientVault, private readonly restrictions: RestrictionRepository) {}

  async execute(tx: Tx, practice: PracticeId, patient: PatientId) {
    if ((await this.patients.find(tx, patient))?.practice_id !== practice) throw new PatientUnknown();
    const found = await this.restrictions.of(tx, patient);
    const key = found.some(({ sealedReason }) => sealedReason !== null) ? await this.patients.practiceKey(tx, practice) : '';
    tx.audit.record({ action: 'patient.restrictions-read', entity: 'patient', entityId: patient, patient });
    return found.map((one) => ({ ...viewOf(one), reason: one.sealedReason === null ? null : this.vault.openForPractice(practice, key, placeOfReason(one.id), one.sealedReason) }));
  }
}

const viewOf = ({ id, to, from, setBy, endedAt, endedBy }: Restriction) => ({ id, practice: to, from: formatInstant(from), setBy, endedAt: endedAt === null ? null : formatInstant(endedAt), endedBy });
