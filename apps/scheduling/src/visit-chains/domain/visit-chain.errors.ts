import { DomainError, type Instant, formatInstant } from '@slotmesh/kernel';
import { type Gap, type StartWindow, describeGap } from './gap';

export class VisitChainUnknown extends DomainError {
  constructor() {
    super('not-found', 'visit-chain-unknown', 'There are no such linked visits in your calendar or among your bookings.');
  }
}

/** Nothing was booked. Each step with its reason and what is free instead; `chains` are others as a whole, where a step has nothing. */
export class VisitChainClash extends DomainError {
  constructor(clashes: readonly unknown[], chains: readonly unknown[]) {
    super('conflict', 'visit-chain-clash', 'Some of the linked visits do not fit and nothing was booked. Send it again with an alternative for each step that is named, or with one of "chains".', { clashes, chains });
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
    super('conflict', 'visit-chain-no-visit-left', 'From that step on there is no visit that can be called off. Look at the visits.');
  }
}

export const outOfOrder = (starts: readonly Instant[]): number | null => {
  const index = starts.findIndex((start, i) => i > 0 && start < starts[i - 1]!);
  return index < 0 ? null : index + 1;
};
