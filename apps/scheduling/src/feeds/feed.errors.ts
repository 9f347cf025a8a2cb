import { DomainError, type PracticeId } from '@slotmesh/kernel';

export class ConnectionUnknown extends DomainError {
  constructor() {
    super('not-found', 'connection-unknown', 'There is no connection with this id.');
  }
}

export class PracticeNotNamed extends DomainError {
  constructor() {
    super('invalid', 'invalid-request', "The publication's host says no name. Say under which practice code it shall stand.", { errors: [{ pointer: '/practice', detail: 'is required for this publication' }] });
  }
}

/** The code belongs to a practice with staff, or to another publication. */
export class PracticeTaken extends DomainError {
  constructor(practice: PracticeId, why: 'staffed' | 'other-publication') {
    super('conflict', 'practice-taken', why === 'staffed' ? `${practice} is a practice with staff and a calendar of its own. Choose another code.` : `${practice} stands for another publication. Choose another code.`, { practice });
  }
}

export class AlreadyConnected extends DomainError {
  constructor(practice: PracticeId) {
    super('conflict', 'already-connected', `This publication is connected already, as ${practice}.`, { practice });
  }
}

export class PartnershipNotClear extends DomainError {
  constructor() {
    super('conflict', 'partnership-not-clear', 'There is no partnership, or more than one. Name the partnership that the publication joins.', { errors: [{ pointer: '/partnership', detail: 'is required here' }] });
  }
}

/** Lines come in order; `lines` says how many of this file are there. Begin again where that is. */
export class LinesMissing extends DomainError {
  constructor(lines: number) {
    super('conflict', 'lines-missing', `Go on at line ${lines} (counted from 0).`, { lines });
  }
}
