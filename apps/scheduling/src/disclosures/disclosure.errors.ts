import { DomainError, type PracticeId } from '@slotmesh/kernel';

export class PatientRestricts extends DomainError {
  constructor(practice: PracticeId) {
    super('unprocessable', 'patient-restricts', `The patient asked that nothing about them goes to ${practice}. Offer a time of your own practice or of another partner, or end the restriction if the patient has changed their mind.`, { practice });
  }
}
export class RestrictedAlready extends DomainError {
  constructor() {
    super('conflict', 'restricted-already', 'The patient restricts this already. End that restriction first if something else is asked for.');
  }
}
export class RestrictionUnknown extends DomainError {
  constructor() {
    super('not-found', 'restriction-unknown', 'This patient has no restriction with this id that still holds. Read their restrictions again.');
  }
}
export class NotAPartner extends DomainError {
  constructor() {
    super('unprocessable', 'not-a-partner', 'Name a practice that shares a partnership with yours, or null for all of them.');
  }
}
