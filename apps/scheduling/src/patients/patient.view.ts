import type { PatientVault } from './patient-vault';
import { PatientErased } from './patient.errors';
import { type PatientRow, sealedFactsOf } from './persistence/patient.repository';

/** A patient as the desk of the own practice reads it. Throws PatientErased. */
export function viewOfPatient(vault: PatientVault, practiceKey: string, row: PatientRow) {
  if (row.wrapped_key === null) throw new PatientErased();
  const facts = vault.open(vault.patientKey(row.practice_id, practiceKey, row.id, row.wrapped_key), row.id, sealedFactsOf(row));
  return {
    id: row.id, practice: row.practice_id, person: row.person_id, ...facts, language: row.language, zone: row.zone, needs: row.needs,
    consent: { text: row.text_consent, email: row.email_consent }, deceased: row.deceased, payer: row.payer, version: row.version,
  };
}
export type PatientView = ReturnType<typeof viewOfPatient>;
