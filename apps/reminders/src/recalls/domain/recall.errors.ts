import { DomainError } from '@slotmesh/kernel';

export class RecallUnknown extends DomainError {
  constructor() {
    super('not-found', 'recall-unknown', 'Your practice has no such recall.');
  }
}
export class RecallPatientUnknown extends DomainError {
  constructor() {
    super('not-found', 'patient-unknown', 'Your practice has no such patient, or the record has not arrived yet. Try again in a moment.');
  }
}
export class RecallPatientGone extends DomainError {
  constructor() {
    super('gone', 'patient-gone', 'The patient has died or was erased; nobody is recalled.');
  }
}
/** One patient is due for one thing of a kind; a care plan may have several. */
export class RecallStands extends DomainError {
  constructor(id: string) {
    super('conflict', 'recall-stands', 'The patient has an open recall of this kind. Postpone it, or close it first.', { id });
  }
}
export class RecallIsClosed extends DomainError {
  constructor(state: string) {
    super('conflict', 'recall-closed', `This recall is ${state}. Record a new one.`, { state });
  }
}
export class RecallIsBooked extends DomainError {
  constructor() {
    super('conflict', 'recall-booked', 'A visit is booked for this recall. Move that visit, or cancel it first.');
  }
}
export class RecallChanged extends DomainError {
  constructor() {
    super('precondition', 'recall-changed', 'Somebody else changed this recall. Read it again and decide anew.');
  }
}
export class RecallDateInvalid extends DomainError {
  constructor(detail: string) {
    super('invalid', 'recall-date-invalid', detail);
  }
}
export class RecallRuleUnknown extends DomainError {
  constructor() {
    super('not-found', 'recall-rule-unknown', 'Your practice has no such recall rule.');
  }
}
export class RecallRuleStands extends DomainError {
  constructor(id: string) {
    super('conflict', 'recall-rule-stands', 'Your practice has a rule of this kind. End it first.', { id });
  }
}
export class RecallKeyReused extends DomainError {
  constructor() {
    super('unprocessable', 'idempotency-key-reused', 'This Idempotency-Key was used for another request. Use a new key for a new request.');
  }
}
