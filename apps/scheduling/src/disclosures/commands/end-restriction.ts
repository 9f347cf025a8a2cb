import { Injectable } from '@nestjs/common';
import type { PatientId, PracticeId } from '@slotmesh/kernel';
import type { Tx } from '@slotmesh/persistence';
import { PatientUnknown } from '../../patients/patient.errors';
import { PatientRepository } from '../../patients/persistence/patient.repository';
import { RestrictionUnknown } from '../disclosure.errors';
import { RestrictionRepository } from '../persistence/restriction.repository';

/** The patient has changed their mind: the restriction ends and stays on record. Throws PatientUnknown, RestrictionUnknown. */
@Injectable()
export class EndRestriction {
  constructor(private readonly patients: PatientRepository, private readonly restrictions: RestrictionRepository) {}

  async execute(tx: Tx, practice: PracticeId, patient: PatientId, id: string): Promise<void> {
    if ((await this.patients.lock(tx, patient))?.practice_id !== practice) throw new PatientUnknown();
    if (!(await this.restrictions.end(tx, id, patient, tx.actor.subject))) throw new RestrictionUnknown();
    tx.audit.record({ action: 'patient.restriction-ended', entity: 'patient', entityId: patient, patient, details: { restriction: id } });
  }
}
