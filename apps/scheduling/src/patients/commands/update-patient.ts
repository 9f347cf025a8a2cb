import { Injectable } from '@nestjs/common';
import type { PatientId, PracticeId } from '@slotmesh/kernel';
import type { Tx } from '@slotmesh/persistence';
import { requireVersion } from '../../shared/version-check';
import { EndWaiting } from '../../waitlist/commands/end-waiting';
import { HostRecords } from '../host-records';
import { tellPatientRecorded } from '../patient-recorded';
import { PatientVault } from '../patient-vault';
import { PatientErased, PatientUnknown, refusingTakenNumber, requireBorn } from '../patient.errors';
import { type PatientView, viewOfPatient } from '../patient.view';
import { PatientRepository, type PatientRow, columnsOf } from '../persistence/patient.repository';
import type { PatientRegistration } from './register-patient';

/** The whole record as it shall be, also for the hosts of coming visits; who has died waits for nothing any more. The person behind it stays the same. Throws PatientUnknown, PatientErased, VersionChanged, RecordNumberTaken. */
@Injectable()
export class UpdatePatient {
  constructor(private readonly vault: PatientVault, private readonly patients: PatientRepository, private readonly hostRecords: HostRecords, private readonly waiting: EndWaiting) {}

  async execute(tx: Tx, practice: PracticeId, id: PatientId, expected: number | null, change: PatientRegistration & { readonly deceased: boolean }): Promise<PatientView> {
    requireBorn(change.facts, tx.now);
    if (change.deceased) await this.endWaiting(tx, practice, id);
    const present = await this.patients.lock(tx, id);
    if (!present || present.practice_id !== practice) throw new PatientUnknown();
    if (present.wrapped_key === null) throw new PatientErased();
    requireVersion(present.version, expected);
    const practiceKey = await this.patients.practiceKey(tx, practice);
    const sealed = this.vault.seal(this.vault.patientKey(practice, practiceKey, id, present.wrapped_key), id, change.facts);
    const row: PatientRow = {
      ...present, ...columnsOf(sealed, this.vault.indexesOf(change.facts)), language: change.language, zone: change.zone ?? present.zone, needs: [...change.needs],
      text_consent: change.textConsent, email_consent: change.emailConsent, deceased: change.deceased, payer: change.payer ?? null, version: present.version + 1,
    };
    await refusingTakenNumber(() => this.patients.change(tx, row));
    if (row.deceased) await this.waiting.requireEnded(tx, id);
    await tellPatientRecorded(tx, row);
    await this.hostRecords.bringUpToDate(tx, row, change.facts);
    tx.audit.record({ action: 'patient.changed', entity: 'patient', entityId: id, patient: id, details: { version: row.version } });
    return viewOfPatient(this.vault, practiceKey, row);
  }

  private async endWaiting(tx: Tx, practice: PracticeId, id: PatientId): Promise<void> {
    if ((await this.patients.find(tx, id))?.practice_id !== practice) throw new PatientUnknown();
    await this.waiting.execute(tx, id);
  }
}
