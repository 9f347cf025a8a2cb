import { DomainError } from '@slotmesh/kernel';

export class PeriodNotOver extends DomainError {
  constructor(last: string) {
    super('unprocessable', 'report-period-not-over', `A report tells of months that have been over for three days, as their numbers are told across practices from then on. The last of them is ${last}.`, { last });
  }
}

export class ReportsAreOfPartnerships extends DomainError {
  constructor() {
    super('forbidden', 'no-partnership-of-its-own', "An operator belongs to no partnership: ask a practice for its report, or for a measure's /network.");
  }
}
