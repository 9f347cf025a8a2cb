import { DomainError, type PatientId } from '@slotmesh/kernel';

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
