import { DomainError } from '@slotmesh/kernel';

export class EmergencyAccessUnknown extends DomainError {
  constructor() {
    super('not-found', 'emergency-access-unknown', 'Your practice has to do with no emergency access of this id.');
  }
}
/** Says the same of a wrong name, of a wrong date and of a patient who is not there. */
export class EmergencyPatientNotFound extends DomainError {
  constructor() {
    super('not-found', 'emergency-patient-not-found', 'That practice has no patient of exactly this name and birth date, or more than one. Call it.');
  }
}
export class OwnPatient extends DomainError {
  constructor() {
    super('unprocessable', 'own-patient', 'This is your own practice: read the patient as usual.');
  }
}
export class NothingAgreed extends DomainError {
  constructor() {
    super('forbidden', 'agreement-not-in-force', 'No agreement between your practice and that one is in force. Call it.');
  }
}
export class TooManyEmergencies extends DomainError {
  constructor() {
    super('too-many', 'too-many-emergencies', 'You asked for emergency access too often in the last hour. Call the patient\'s practice.');
  }
}
export class EmergencyAccessOver extends DomainError {
  constructor() {
    super('gone', 'emergency-access-over', 'This emergency access is over. Where the emergency goes on, ask for another one.');
  }
}
export class AccessOfAnother extends DomainError {
  constructor() {
    super('forbidden', 'access-of-another', 'This access was given to another person. Ask for your own.');
  }
}
export class NotThePatientsPractice extends DomainError {
  constructor() {
    super('forbidden', 'not-the-patients-practice', 'Only the practice whose patient was looked at acknowledges it.');
  }
}
export class AcknowledgedAlready extends DomainError {
  constructor() {
    super('conflict', 'acknowledged-already', 'Your practice has acknowledged this access already.');
  }
}
