import { Injectable } from '@nestjs/common';
import type { PatientId, PracticeId } from '@slotmesh/kernel';
import { type Actor, UnitOfWork } from '@slotmesh/persistence';
import { PatientVault } from '../patient-vault';
import { PatientErased, PatientUnknown } from '../patient.errors';

interface KeyRow {
  practice_id: PracticeId;
  wrapped_key: string | null;
  practice_key: string;
}

/** The data key of a patient for another service of the house, which keeps it for minutes at most. Throws PatientUnknown; PatientErased: treat as absent. */
@Injectable()
export class ReadPatientKey {
  constructor(private readonly work: UnitOfWork, private readonly vault: PatientVault) {}

  async execute(caller: Actor, patient: PatientId): Promise<Buffer> {
    const reader: Actor = { kind: 'worker', subject: caller.subject, practice: null };
    const [row] = await this.work.run(reader, (tx) => tx.query<KeyRow>(
      'SELECT p.practice_id, p.wrapped_key, k.wrapped_key AS practice_key FROM patient p JOIN practice_key k ON k.practice_id = p.practice_id WHERE p.id = $1', [patient]));
    if (!row) throw new PatientUnknown();
    if (row.wrapped_key === null) throw new PatientErased();
    const key = this.vault.patientKey(row.practice_id, row.practice_key, patient, row.wrapped_key);
    // Why before the answer leaves: a key that went out without a trace would be an unlogged reading (P23).
    await this.work.run({ ...reader, practice: row.practice_id }, async (tx) => {
      tx.audit.record({ action: 'patient-key.read', entity: 'patient', entityId: patient, patient });
    });
    return key;
  }
}
