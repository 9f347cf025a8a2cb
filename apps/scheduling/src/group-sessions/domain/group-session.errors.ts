import { DomainError } from '@slotmesh/kernel';

export class GroupSessionUnknown extends DomainError {
  constructor() {
    super('not-found', 'group-session-unknown', 'There is no such group session in your calendar, or it is over.');
  }
}

export class NotAGroup extends DomainError {
  constructor() {
    super('unprocessable', 'not-a-group', 'This opening is no group session. Give one of a visit type with seats.');
  }
}

export class GroupSessionOpen extends DomainError {
  constructor(session: string) {
    super('conflict', 'group-session-open', 'This group session is open already.', { session });
  }
}

export class GroupSessionNotEmpty extends DomainError {
  constructor() {
    super('conflict', 'group-session-not-empty', 'Somebody has a seat in this group session, booked or held. Move or call off these visits first.');
  }
}
