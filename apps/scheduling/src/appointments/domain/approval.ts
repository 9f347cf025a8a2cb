import { DomainError, type Instant, formatInstant } from '@slotmesh/kernel';

export const approvalStates = ['waiting', 'approved', 'declined', 'lapsed', 'withdrawn'] as const;
/** `lapsed`: nobody answered in time, which is a no; `withdrawn`: the practice that asked, or the patient, called it off before there was an answer. */
export type ApprovalState = (typeof approvalStates)[number];

/** The host's answer to a visit that a partner asked for. */
export interface Approval {
  /** Until when it may be given. */
  readonly by: Instant;
  readonly state: ApprovalState;
}

/** What was asked for is not booked: the answer is a no, however late it is written down. */
export class ApprovalTooLate extends DomainError {
  constructor({ by }: Approval) {
    super('conflict', 'approval-too-late', 'The time to approve this request is over, and it counts as declined. Its practice may ask again, or book the time for your own patient if it is still free.', { approveBy: formatInstant(by) });
  }
}

/** Its patient does not want it any more; it is withdrawn in a moment. */
export class RequestTakenBack extends DomainError {
  constructor() {
    super('conflict', 'request-taken-back', 'The practice that asked takes this request back: there is nothing to approve. Its time is free in a moment.');
  }
}

/** Where a booking has to be sure at once, a time that may still be declined is none. */
export class ApprovalNeeded extends DomainError {
  constructor() {
    super('unprocessable', 'approval-needed', "This provider's desk answers partners first, so the time is sure only when it is approved. Ask for it by a booking of its own and, once it is approved, cancel the visit that it replaces; or choose a time that is booked at once.");
  }
}
