import { DAY, DomainError, type Instant, type PatientId } from '@slotmesh/kernel';
import { isUniqueViolation } from '@slotmesh/persistence';
import { z } from 'zod';
import type { PatientFacts } from './patient-vault';

export class PatientUnknown extends DomainError {
  constructor() {
    super('not-found', 'patient-unknown', 'Your practice has no patient with this id. Search for the patient, or register them.');
  }
}
export class PatientErased extends DomainError {
  constructor() {
    super('gone', 'patient-erased', "This patient's data was erased and can no longer be read.");
  }
}
export class PatientAlreadyRegistered extends DomainError {
  constructor(patient: PatientId) {
    super('conflict', 'patient-already-registered', 'Your practice already has a patient with this name, birth date and phone or e-mail. Use that record.', { patient });
  }
}
export class RecordNumberTaken extends DomainError {
  constructor() {
    super('conflict', 'record-number-taken', 'Another patient of your practice has this record number. Check the number.');
  }
}

/** The database says who was first with a record number. */
export async function refusingTakenNumber<T>(write: () => Promise<T>): Promise<T> {
  try {
    return await write();
  } catch (error) {
    if (isUniqueViolation(error, 'patient_practice_id_record_number_index_key')) throw new RecordNumberTaken();
    throw error;
  }
}

/** Nobody is registered before birth or was born before 1900. A day is granted for zones. */
export function requireBorn({ birthDate }: Pick<PatientFacts, 'birthDate'>, now: Instant): void {
  if (birthDate >= '1900-01-01' && Date.parse(birthDate) <= now + DAY) return;
  throw new z.ZodError([{ code: 'custom', path: ['birthDate'], message: 'must lie between 1900 and today', input: undefined }]);
}
