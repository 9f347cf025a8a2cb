import { DomainError } from '@slotmesh/kernel';
import { MOST_LOAD, MOST_SLOTS_PER_DAY } from '../../simulation/domain/partnership';

export class WhatIfUnknown extends DomainError {
  constructor() {
    super('not-found', 'what-if-unknown', 'You have asked no such what-if.');
  }
}
export class WhatIfOver extends DomainError {
  constructor() {
    super('conflict', 'what-if-over', 'This what-if has ended. There is nothing to cancel.');
  }
}
export class TooManyWhatIfs extends DomainError {
  constructor(most: number) {
    super('too-many', 'too-many-what-ifs', `Only ${most} what-ifs of a practice wait or run at a time. Wait for one to end, or cancel one.`);
  }
}
export class TooMuchToSimulate extends DomainError {
  constructor() {
    super('unprocessable', 'too-much-to-simulate', 'That would take longer than others may be kept waiting. Ask for fewer runs, practices or slots.');
  }
}
export class ChangesTooLarge extends DomainError {
  constructor() {
    super('unprocessable', 'changes-too-large', `With these changes a practice would have more than ${MOST_LOAD} requests for each slot, or more than ${MOST_SLOTS_PER_DAY} slots a day. Try smaller ones.`);
  }
}
export class CannotBeSimulated extends DomainError {
  constructor() {
    super('unprocessable', 'cannot-be-simulated', 'These numbers make no partnership that can be simulated. Give "practices" with their slots a day and loads.');
  }
}
export class TooLittleKnown extends DomainError {
  constructor(missing: readonly string[]) {
    super('unprocessable', 'too-little-known', `Too little is known to simulate this partnership. ${missing.join(' ')} Give "practices" with their slots a day and loads instead, or for a trial "beside": "invented".`, { missing });
  }
}
export class OperatorsGivePractices extends DomainError {
  constructor() {
    super('unprocessable', 'operators-give-practices', 'You belong to no practice whose partnership could be taken. Give "practices".');
  }
}
export class WhatIfKeyReused extends DomainError {
  constructor() {
    super('unprocessable', 'idempotency-key-reused', 'This Idempotency-Key was used for another question. Use a new key.');
  }
}
