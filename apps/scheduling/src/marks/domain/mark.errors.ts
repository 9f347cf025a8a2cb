import { DomainError } from '@slotmesh/kernel';

export class MarkUnknown extends DomainError {
  constructor() {
    super('not-found', 'mark-unknown', 'This patient has no such mark at your practice.');
  }
}

export class MarkCountsNoMore extends DomainError {
  constructor(state: 'undone' | 'excused' | 'lifted') {
    super('conflict', 'mark-counts-no-more', `The mark is ${state} already and does not count.`);
  }
}

/** Told to the own desk only; what a partner or the patient is answered never depends on marks that they could read from it. */
export class TooManyMarks extends DomainError {
  constructor({ marks, max, withinDays }: { readonly marks: number; readonly max: number; readonly withinDays: number }) {
    super('unprocessable', 'policy-marks', `The patient has ${marks} marks for late cancelling or missed visits within ${withinDays} days; your practice lets ${max} pass. Book by POST /api/scheduling/v1/appointments with \`despiteMarks\` and your reason, or excuse a mark.`, { marks, max, withinDays });
  }
}
