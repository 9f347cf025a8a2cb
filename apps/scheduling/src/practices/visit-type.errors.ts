import { DomainError } from '@slotmesh/kernel';

/** Sessions of a group visit go on, and it shall be one no more. */
export class GroupSessionsGoOn extends DomainError {
  constructor(sessions: number) {
    super('conflict', 'group-sessions-go-on', `${sessions === 1 ? 'One group session' : `${sessions} group sessions`} of this visit type ${sessions === 1 ? 'is' : 'are'} still to take place. Move or cancel who has a seat and close what was opened ahead, or add another visit type for visits one by one.`, { sessions });
  }
}

/** A session has more seats taken than there shall be. */
export class MoreSeatsTaken extends DomainError {
  constructor(taken: number) {
    super('conflict', 'more-seats-taken', `In one group session of this visit type ${taken} seats are booked or held. Give it at least ${taken} seats, or move some of them to another session first.`, { taken });
  }
}
