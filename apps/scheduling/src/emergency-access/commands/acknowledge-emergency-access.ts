import { Injectable } from '@nestjs/common';
import type { EmergencyAccessId } from '@slotmesh/kernel';
import type { Tx } from '@slotmesh/persistence';
import type { Signatory } from '../../agreements/domain/agreement-version';
import { PatientVault } from '../../patients/patient-vault';
import { PatientRepository } from '../../patients/persistence/patient.repository';
import { AcknowledgedAlready, EmergencyAccessUnknown, NotThePatientsPractice } from '../domain/emergency-access.errors';
import { EmergencyAccessRepository } from '../persistence/emergency-access.repository';
import { tellBoth } from '../told-to-both';
import { placeOf } from './begin-emergency-access';

/** The patient's practice has looked at what a partner's person did. Throws EmergencyAccessUnknown, NotThePatientsPractice, AcknowledgedAlready. */
@Injectable()
export class AcknowledgeEmergencyAccess {
  constructor(private readonly accesses: EmergencyAccessRepository, private readonly vault: PatientVault, private readonly patients: PatientRepository) {}

  async execute(tx: Tx, by: Signatory, id: EmergencyAccessId, text: string): Promise<void> {
    const access = await this.accesses.lock(tx, id, by.practice);
    if (!access) throw new EmergencyAccessUnknown();
    if (access.host !== by.practice) throw new NotThePatientsPractice();
    if (access.acknowledgedAt !== null) throw new AcknowledgedAlready();
    await this.accesses.acknowledge(tx, id, tx.now, by.subject, this.vault.sealForPractice(by.practice, await this.patients.practiceKey(tx, by.practice), placeOf(id, 'acknowledgement'), text));
    tellBoth(tx, access, 'acknowledged');
  }
}
