import type { PracticeId } from '@slotmesh/kernel';
import type { Tx } from '@slotmesh/persistence';
import type { RegisterPatient } from '../patients/commands/register-patient';
import { tellPatientRecorded } from '../patients/patient-recorded';
import type { PatientRepository } from '../patients/persistence/patient.repository';
import type { SamplePatient } from './sample-patients';

/** Some patients of one practice; those who are there already are left alone. Returns how many were new. */
export async function sowPatients(tx: Tx, practice: PracticeId, some: readonly SamplePatient[], parts: { register: RegisterPatient; patients: PatientRepository }): Promise<number> {
  const present = new Set((await tx.query<{ id: string }>('SELECT id FROM patient WHERE id = ANY ($1::uuid[])', [some.map(({ id }) => id)])).map(({ id }) => id));
  const missing = some.filter(({ id }) => !present.has(id));
  if (missing.length === 0) return 0;
  const practiceKey = await parts.patients.practiceKey(tx, practice);
  let added = 0;
  for (const patient of missing) {
    await parts.patients.addPerson(tx, patient.person, practice);
    const row = parts.register.sealed(patient.id, practice, patient.person, practiceKey, patient);
    if (!(await parts.patients.add(tx, row))) continue;
    await tellPatientRecorded(tx, row);
    tx.audit.record({ action: 'patient.registered', entity: 'patient', entityId: row.id, patient: row.id, details: { person: row.person_id, linked: false } });
    added += 1;
  }
  return added;
}
