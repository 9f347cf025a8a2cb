import { DomainError } from '@slotmesh/kernel';

export class CallUnknown extends DomainError {
  constructor() {
    super('not-found', 'call-unknown', 'Your practice has no such entry on its call list.');
  }
}
export class CallAlreadyClaimed extends DomainError {
  constructor() {
    super('conflict', 'call-already-claimed', 'Somebody else is making this call. Take the next one.');
  }
}
export class CallClosed extends DomainError {
  constructor() {
    super('conflict', 'call-closed', 'This call is done or no longer needed.');
  }
}
export class CallNotYours extends DomainError {
  constructor() {
    super('conflict', 'call-not-claimed', 'Claim this call first: only the person who makes it records how it went.');
  }
}
export class PatientErased extends DomainError {
  constructor() {
    super('gone', 'patient-erased', 'The data of this patient was erased; a note can no longer be kept.');
  }
}
