import { DomainError } from '@slotmesh/kernel';

export class AppointmentUnknown extends DomainError {
  constructor() {
    super('not-found', 'appointment-unknown', 'There is no such appointment in your calendar or among your bookings.');
  }
}

/** P8: the person has another visit then. Where is never said. */
export class AnotherVisitThen extends DomainError {
  constructor() {
    super('conflict', 'another-visit-then', 'The patient has another visit then. Choose another time, or, if both are right, book with an override and its reason.');
  }
}

export class OverrideNotPermitted extends DomainError {
  constructor() {
    super('forbidden', 'override-not-permitted', 'Booking beside another visit of the patient needs the permission to override. Ask a manager of your practice.');
  }
}

export class PatientDeceased extends DomainError {
  constructor() {
    super('unprocessable', 'patient-deceased', 'This patient is recorded as deceased. Correct the record first if that is wrong.');
  }
}

export class HostDecides extends DomainError {
  constructor() {
    super('forbidden', 'host-decides', 'Only the practice whose calendar it is can do this. Ask the host.');
  }
}

export class AppointmentChanged extends DomainError {
  constructor(version: number) {
    super('precondition', 'appointment-changed', 'Somebody changed this appointment in the meantime. Load it again.', { version });
  }
}

export class MoveWithinHost extends DomainError {
  constructor() {
    super('unprocessable', 'move-within-host', 'A visit moves inside the calendar of its host. To go to another practice, book there and cancel this one.');
  }
}
