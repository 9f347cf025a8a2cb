import { DomainError, type Instant, formatInstant } from '@slotmesh/kernel';
import { type Gap, type StartWindow, describeGap } from './gap';

export class VisitChainUnknown extends DomainError {
  constructor() {
    super('not-found', 'visit-chain-unknown', 'There are no such linked visits in your calendar or among your bookings.');
  }
}

/** Nothing was changed. Each step with its reason and what is free instead; `chains` are others as a whole, where a step has nothing. */
export class VisitChainClash extends DomainError {
  constructor(clashes: readonly unknown[], chains: readonly unknown[]) {
    super('conflict', 'visit-chain-clash', 'Some of the linked visits do not fit and nothing was changed. Send it again with an alternative for each step that is named, or with one of "chains".', { clashes, chains });
  }
}

export class StepsOutOfOrder extends DomainError {
  constructor(step: number) {
    super('unprocessable', 'steps-out-of-order', `Step ${step} begins before the one that it follows. Give the openings in the order of the visits.`, { step });
  }
}

/** At booking, by who asked for all of them: it may know when the step could begin. */
export class StepBreaksGap extends DomainError {
  constructor(step: number, { from, latest }: StartWindow) {
    super('conflict', 'visit-chain-gap', `Visit ${step} may begin from ${formatInstant(from)}${latest === null ? '' : ` to ${formatInstant(latest)}`}.`, { step, from: formatInstant(from), latest: latest === null ? null : formatInstant(latest) });
  }
}

/** A visit that moves. Only the rule is said: the other visit may be elsewhere, and who hosts this one is not told when (P7). */
export class ChainGapBroken extends DomainError {
  constructor(later: number, gap: Gap) {
    super('conflict', 'visit-chain-gap', `The visit is one of several that follow one another: between visit ${later - 1} and visit ${later} there are ${describeGap(gap)}. Choose another time, or, if it is right all the same, send "breakGaps": true.`, { steps: [later - 1, later] });
  }
}

export class NoChainedVisitLeft extends DomainError {
  constructor() {
    super('conflict', 'visit-chain-no-visit-left', 'From that step on there is no visit that can be moved or called off. Look at the visits.');
  }
}

/** Only who booked them sees all of them. */
export class BookingPracticeMovesChain extends DomainError {
  constructor() {
    super('forbidden', 'booking-practice-moves', 'Another practice booked these linked visits and moves them as a whole. Move the visits of your own calendar one by one.');
  }
}

export class StepsDoNotMatch extends DomainError {
  constructor(steps: readonly number[]) {
    super('unprocessable', 'visit-chain-steps', `Give one opening for each visit that is still to come from that step on, in their order: ${steps.join(', ')}.`, { steps });
  }
}

/** The visit stays one visit in its host's calendar, for the same care. */
export class StepGoesElsewhere extends DomainError {
  constructor(step: number) {
    super('unprocessable', 'visit-chain-step-elsewhere', `The opening for step ${step} is at another practice or for another service. Search with the practice and service of each step; to go elsewhere, book anew and call these visits off.`, { step });
  }
}

export const outOfOrder = (starts: readonly Instant[]): number | null => {
  const index = starts.findIndex((start, i) => i > 0 && start < starts[i - 1]!);
  return index < 0 ? null : index + 1;
};
