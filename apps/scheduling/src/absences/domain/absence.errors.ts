import { DomainError } from '@slotmesh/kernel';

export class AbsenceUnknown extends DomainError {
  constructor() {
    super('not-found', 'absence-unknown', 'Your practice has no absence with this id.');
  }
}

export class AbsenceLifted extends DomainError {
  constructor() {
    super('conflict', 'absence-lifted', 'This absence was lifted: its time is open again. Move a visit by its own reschedule.');
  }
}

export class VisitNotAffected extends DomainError {
  constructor() {
    super('conflict', 'visit-not-affected', 'This visit does not lie in the closed time, or not any more. Load the absence again.');
  }
}

export class VisitMovedAlready extends DomainError {
  constructor(appointment: string) {
    super('conflict', 'visit-moved-already', 'This visit was moved already, to another time. Load the absence again.', { appointment });
  }
}

/** What was agreed is another time, not other care. */
export class AnotherService extends DomainError {
  constructor() {
    super('unprocessable', 'another-service', 'That time is for another service. Choose one of the same service; for other care cancel this visit and book anew.');
  }
}

/** Only the practice whose patient it is may book at a third practice. */
export class BookingPracticeMoves extends DomainError {
  constructor() {
    super('unprocessable', 'booking-practice-moves', 'A partner booked this visit. Move it inside your own calendar, or cancel it: the practice that booked it then finds another place.');
  }
}
