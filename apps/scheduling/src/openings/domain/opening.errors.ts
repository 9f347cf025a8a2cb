import { DomainError, type Instant, formatInstant } from '@slotmesh/kernel';
import type { RefusalReason } from '../../agreements/domain/share-rule';
import type { HowToBook } from './opening';

/** Somebody else has the time, or it is no longer open. `alternatives` are openings as a search would show them now (P5). */
export class OpeningTaken extends DomainError {
  constructor(readonly alternatives: readonly unknown[], code = 'opening-taken', fact = 'This time is no longer free.') {
    super('conflict', code, `${fact} ${alternatives.length > 0 ? 'Offer one of the alternatives.' : 'Search again.'}`, { alternatives });
  }
}

/** The hours let so many visits of this type in one session, and so many there are. The time itself may be free. */
export class SessionLimitReached extends OpeningTaken {
  constructor(alternatives: readonly unknown[] = []) {
    super(alternatives, 'session-limit', 'No more visits of this type fit into this session.');
  }
}

/** The block is kept for other visit types. `releasedAt`: from when on it is open to everything; null: it stays kept. */
export class KeptForOthers extends DomainError {
  constructor(releasedAt: Instant | null) {
    super('unprocessable', 'kept-for', `This time is kept for other visit types${releasedAt === null ? '. Choose another time.' : ` until ${formatInstant(releasedAt)}. Choose another time or ask again then.`}`, { releasedAt: releasedAt === null ? null : formatInstant(releasedAt) });
  }
}

/** No hours that the host ever published begin a visit there. */
export class OpeningNeverBookable extends DomainError {
  constructor() {
    super('not-found', 'opening-never-bookable', 'There is no such opening. Search again and use the id of an item.');
  }
}

/** The agreement does not let this practice have it, now or at all. */
export class NotShared extends DomainError {
  constructor(reason: RefusalReason) {
    super('unprocessable', 'not-shared', `This time is ${reason.message}.`, { reason: reason.code });
  }
}

/** A time beside another visit is the host's own to give, by a permission. */
export class OverbookNotPermitted extends DomainError {
  constructor() {
    super('forbidden', 'overbook-not-permitted', "Only a person with the permission to overbook may do so, and only in the own practice's calendar. Choose a free time or ask a manager.");
  }
}

/** The host keeps this calendar elsewhere: nothing here can hold it. The details say where it is booked. */
export class LinkOrPhoneOnly extends DomainError {
  constructor(how: Exclude<HowToBook, { bookable: 'hold' }>) {
    super('unprocessable', 'link-or-phone-only', how.bookable === 'link' ? 'This time is booked at the practice itself. Use its link.' : 'This time is booked at the practice itself. Call its phone.', { ...how });
  }
}

/** An urgent visit beside others is the host's own to give, by a permission and with a reason. */
export class UrgentNotPermitted extends DomainError {
  constructor() {
    super('forbidden', 'urgent-not-permitted', 'Only a person with the permission for urgent visits may put one beside others. Choose a free time or ask a manager.');
  }
}

export class NotOpenThen extends DomainError {
  constructor() {
    super('unprocessable', 'not-open-then', 'The provider does not work there then, or the time has passed. Choose a time within the hours of that day.');
  }
}

export class NoWalkIns extends DomainError {
  constructor() {
    super('unprocessable', 'no-walk-ins', 'These hours keep no time for people who walk in. Search for a free time today.');
  }
}

export class GroupHasNoExtraVisit extends DomainError {
  constructor() {
    super('unprocessable', 'group-has-no-extra-visit', 'A group visit has seats and nothing beside them. Book a seat, or a visit of another type.');
  }
}

/** Between a request and the yes to it the time was closed, or is no longer offered there. */
export class ClosedSince extends DomainError {
  constructor() {
    super('conflict', 'closed-since', 'Since this request came, its time was closed or is no longer offered there. Decline the request, or open the time again first.');
  }
}
