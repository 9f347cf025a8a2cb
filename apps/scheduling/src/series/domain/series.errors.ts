import { DomainError } from '@slotmesh/kernel';
import type { ClashView } from '../clash.view';

export class SeriesUnknown extends DomainError {
  constructor() {
    super('not-found', 'series-unknown', 'There is no such series in your calendar or among your bookings.');
  }
}

/** Nothing was booked or moved. Each date with its reason, and what is free near it. */
export class SeriesClash extends DomainError {
  constructor(clashes: readonly ClashView[]) {
    super('conflict', 'series-clash', 'Some dates of the series do not fit and nothing was changed. Send it again with an alternative for each in "replacements", or leave dates out by "without".', { clashes });
  }
}

export class DateNotInSeries extends DomainError {
  constructor(date: string) {
    super('unprocessable', 'date-not-in-series', `The series has no visit planned for ${date}. Name dates as the series plans them.`, { date });
  }
}

export class ReplacementElsewhere extends DomainError {
  constructor(date: string) {
    super('unprocessable', 'replacement-elsewhere', `The replacement for ${date} is of another practice or another service. A series stays with one practice and one service.`, { date });
  }
}

export class NoVisitLeft extends DomainError {
  constructor() {
    super('conflict', 'series-no-visit-left', 'From that date on the series has no visit that can be changed. Look at its visits.');
  }
}

export class NotGivenThere extends DomainError {
  constructor() {
    super('unprocessable', 'visit-not-given-there', 'This provider does not give that visit type there. Search for an opening and move the series to it.');
  }
}
