import { DomainError } from '@slotmesh/kernel';

export class WaitlistEntryUnknown extends DomainError {
  constructor() {
    super('not-found', 'waitlist-entry-unknown', 'There is no such entry on your wait list.');
  }
}

export class WaitlistEntryEndedAlready extends DomainError {
  constructor(status: string) {
    super('conflict', 'waitlist-entry-ended', `This patient waits no more: the entry is ${status}. Add a new one if the patient still wants an earlier time.`, { status });
  }
}

export class AlreadyWaiting extends DomainError {
  constructor(entry: string) {
    super('conflict', 'already-waiting', 'This patient waits for this service already. Withdraw that entry first if the wish has changed.', { entry });
  }
}

export class OfferUnknown extends DomainError {
  constructor() {
    super('not-found', 'offer-unknown', 'No patient of yours has such an offer.');
  }
}

/** The time is held for somebody else, booked, or the window has passed. */
export class OfferOver extends DomainError {
  constructor(state: string) {
    super('conflict', 'offer-over', 'This offer is over. The patient keeps the place on the wait list and is asked again when a time comes free.', { state });
  }
}

/** The visit that the offer would take the place of was moved nearer, or has begun. */
export class ReplacedVisitNearer extends DomainError {
  constructor() {
    super('conflict', 'replaced-visit-nearer', 'The visit that this offer would take the place of is no later any more. Nothing was changed; decline the offer, or withdraw the patient from the wait list.');
  }
}

/** A yes gives up only what was shown with the question. */
export class ReplacedVisitChanged extends DomainError {
  constructor() {
    super('conflict', 'replaced-visit-changed', 'The visit that this offer would take the place of was changed meanwhile. Nothing was changed; look at the offer again.');
  }
}

export class OfferRoundUnknown extends DomainError {
  constructor() {
    super('not-found', 'offer-round-unknown', 'There is no such round of offers in your calendar.');
  }
}

export class OfferRoundOver extends DomainError {
  constructor(state: string) {
    super('conflict', 'offer-round-over', 'This round is over: its time is booked or open to every desk. Search for it.', { state });
  }
}

export class ReplacedVisitUnknown extends DomainError {
  constructor() {
    super('unprocessable', 'replaced-visit-unknown', 'The visit to be replaced must be a coming one that your practice booked for this patient.');
  }
}

export class WaitingOver extends DomainError {
  constructor() {
    super('unprocessable', 'waiting-over', 'The latest date, or the time until which the patient waits, is past already. Give a later one.');
  }
}
