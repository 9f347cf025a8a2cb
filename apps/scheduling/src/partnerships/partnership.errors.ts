import { DomainError } from '@slotmesh/kernel';

export class PartnershipUnknown extends DomainError {
  constructor() {
    super('not-found', 'partnership-unknown', 'Your practice is no member of a partnership with this id.');
  }
}
export class MemberAlready extends DomainError {
  constructor() {
    super('conflict', 'member-already', 'Your practice is in a partnership. A practice is in one at a time: leave it first by an exit plan.');
  }
}
export class DocumentUnknown extends DomainError {
  constructor() {
    super('not-found', 'document-unknown', 'Neither your practice nor a partner has a document with this id.');
  }
}
export class DocumentWithdrawn extends DomainError {
  constructor() {
    super('conflict', 'document-withdrawn', 'This document has been withdrawn already. Add the one that holds now.');
  }
}
export class OwnerNotStaff extends DomainError {
  constructor() {
    super('unprocessable', 'owner-not-staff', 'The owner of a document is a person of your practice who can sign in (their e-mail address), so that somebody is reminded before it expires.');
  }
}
export class NotSignedYet extends DomainError {
  constructor() {
    super('unprocessable', 'not-signed-yet', 'The date of signing lies ahead. Add the document when it is signed.');
  }
}
