import { DomainError } from '@slotmesh/kernel';

export class ContactPointUnknown extends DomainError {
  constructor() {
    super('not-found', 'contact-point-unknown', 'This patient has no such phone or address in your practice. Record it with the patient first.');
  }
}

export class StoppedByThePhone extends DomainError {
  constructor() {
    super('conflict', 'stopped-by-the-phone', 'Whoever has this phone or mailbox stopped it themselves, for all practices. Only START from that phone, or a yes from that mailbox, brings messages back.');
  }
}

export class PatientErased extends DomainError {
  constructor() {
    super('gone', 'patient-erased', 'This patient was erased: nothing can be recorded for them any more.');
  }
}
