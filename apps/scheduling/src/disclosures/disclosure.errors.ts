import { DomainError, type PracticeId } from '@slotmesh/kernel';
import type { RecordProfile } from './disclosure';

export class PatientRestricts extends DomainError {
  constructor(practice: PracticeId) {
    super('unprocessable', 'patient-restricts', `The patient asked that nothing about them goes to ${practice}. Offer a time of your own practice or of another partner, or end the restriction if the patient has changed their mind.`, { practice });
  }
}
export class DataNotShared extends DomainError {
  constructor(practice: PracticeId, profile: RecordProfile) {
    super('forbidden', 'data-not-shared', `No agreement in force lets a ${profile === 'booking' ? 'booking' : 'referral packet'} with data of the patient go to ${practice} for treatment. Its dataSharing has to be amended first.`, { practice, profile });
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
