import { DomainError } from '@slotmesh/kernel';

export class EducationUnknown extends DomainError {
  constructor() {
    super('not-found', 'education-unknown', 'There is no such content, or it is not in use.');
  }
}
export class EducationRetired extends DomainError {
  constructor() {
    super('conflict', 'education-retired', 'This content was retired. Make a new one.');
  }
}
/** What a practice uses alone answers to its own clinician. */
export class ClinicianApproves extends DomainError {
  constructor() {
    super('forbidden', 'clinician-approves', "A practice's own content is approved by one of its clinicians.");
  }
}
export class NoPartners extends DomainError {
  constructor() {
    super('unprocessable', 'no-partners', 'Your practice is in no partnership. Make the content for your practice alone.');
  }
}
