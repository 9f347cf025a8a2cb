import { DomainError } from '@slotmesh/kernel';

export class QuotaPlanUnknown extends DomainError {
  constructor() {
    super('not-found', 'quota-plan-unknown', 'There is no such quota plan of your partnership.');
  }
}
export class QuotaKeyReused extends DomainError {
  constructor() {
    super('unprocessable', 'idempotency-key-reused', 'This Idempotency-Key was used for a quota plan of other inputs. Use a new key.');
  }
}
export class NotInTheQuotaPlan extends DomainError {
  constructor() {
    super('forbidden', 'not-in-the-quota-plan', 'Only a practice that the plan names, or the network\'s operator, makes a plan.');
  }
}
export class NotOnePartnership extends DomainError {
  constructor(practices: readonly string[]) {
    super('unprocessable', 'not-one-partnership', 'A quota plan is for practices of one partnership. Leave these out.', { practices });
  }
}
export class NotPartiesOfTheAgreement extends DomainError {
  constructor(practices: readonly string[]) {
    super('unprocessable', 'not-parties-of-the-agreement', 'The plan lends between practices that are no parties of the agreement.', { practices });
  }
}
export class TooLittleKnownForQuotas extends DomainError {
  constructor(missing: readonly string[]) {
    super('unprocessable', 'too-little-known', `Too little is known to plan quotas. ${missing.join(' ')} Or give "practices" with their capacity and demand.`, { missing });
  }
}
export class LeavesOutNoPartner extends DomainError {
  constructor(practices: readonly string[], own: string) {
    super('unprocessable', 'leaves-out-no-partner', `"leaveOut" names partners of your practice. ${practices.map((one) => `${one} is ${one === own ? 'your own practice' : 'no partner of yours'}`).join('; ')}. Take it out of "leaveOut".`, { practices });
  }
}
export class PlanTooLarge extends DomainError {
  constructor() {
    super('unprocessable', 'plan-too-large', 'That has too many practices, services and weeks at once to be solved in time. Ask for fewer "weeks" or "services", or name practices in "leaveOut".');
  }
}
export class OperatorsGiveInputs extends DomainError {
  constructor() {
    super('unprocessable', 'operators-give-practices', 'You belong to no practice whose partnership could be taken. Give "practices" with their capacity and demand.');
  }
}
