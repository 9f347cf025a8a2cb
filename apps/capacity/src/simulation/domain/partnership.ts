/** More requests for each slot, or more slots a day, than any practice has: then something was not stated, and a simulation would only be long. */
export const MOST_LOAD = 3;
export const MOST_SLOTS_PER_DAY = 500;

/** One practice as the simulator sees it: times a day, and who asks for them. All days are working days. */
export interface SimulatedPractice {
  readonly id: string;
  readonly slotsPerDay: number;
  /** First requests for a visit, follow-ups included, over slots. A visit that is asked for again after a cancellation or a no-show comes on top. */
  readonly load: number;
  /** Practices where its patients would go, and how many of them would (0 to 1); a practice that is not named is too far away. */
  readonly neighbours: Readonly<Record<string, number>>;
}

export interface ShareRules {
  /** How much of its slots of a day a practice lends at most, 0 to 1. */
  readonly share: number;
  /** From so many days before on, a time belongs to its owner alone; 0 lends to the last. */
  readonly releaseDays: number;
  /** A partner's time is offered when it is at least so many days sooner. */
  readonly soonerDays: number;
  /** Lender guard: a practice whose own first time is farther away lends nothing; null lends always. */
  readonly guardDays: number | null;
}

/** How patients behave; the same in every practice. */
export interface Behaviour {
  /** Standard deviation of a day's expected demand over its mean, and how much of a day's departure the next day keeps (AR(1)). */
  readonly demandNoise: number;
  readonly noiseKept: number;
  readonly cancelRate: number;
  readonly returnsAfterCancel: number;
  readonly returnsAfterNoShow: number;
  /** No-show rate by days from booking to visit: from `days` on, until the next. */
  readonly noShow: readonly { readonly days: number; readonly rate: number }[];
  /** Follow-ups stay in their own practice and do not give up. */
  readonly followUpShare: number;
  /** A patient whose first time is more than so many days away gives up with this probability. */
  readonly patienceDays: number;
  readonly givesUp: number;
}

export interface Partnership {
  readonly practices: readonly SimulatedPractice[];
  readonly rules: ShareRules;
  readonly behaviour: Behaviour;
}

/** Attended and missed GP appointments in England by lead, 2020 to 2024 (NHS England, Appointments in General Practice); calendar days turned into working days. */
const NHS_NO_SHOW = [{ days: 0, rate: 0.018 }, { days: 1, rate: 0.04 }, { days: 2, rate: 0.059 }, { days: 6, rate: 0.077 }, { days: 11, rate: 0.084 }, { days: 16, rate: 0.088 }, { days: 21, rate: 0.109 }];

/**
 * Demand noise, cancellations, no-shows, follow-ups, and patience are published or usual figures. `noiseKept`, `givesUp` and both returns were chosen, with the length of the warm-up, so that
 * unequal practices come near published effects of sharing; that they do is no proof of the model. Three equal practices at load .99 that share nothing wait less here than published (2.4 days to the third next, not 3.7).
 */
export const usualBehaviour: Behaviour = {
  demandNoise: 0.1, noiseKept: 0.6, cancelRate: 0.08, returnsAfterCancel: 1, returnsAfterNoShow: 0, noShow: NHS_NO_SHOW, followUpShare: 0.4, patienceDays: 15, givesUp: 0.15,
};
export const usualRules: ShareRules = { share: 0.1, releaseDays: 0, soonerDays: 3, guardDays: null };
/** Six in ten go to a partner who is sooner. */
export const USUAL_ACCEPTANCE = 0.6;

/** Practices that all reach each other. */
export function everybodyReaches(practices: readonly Omit<SimulatedPractice, 'neighbours'>[], acceptance = USUAL_ACCEPTANCE): SimulatedPractice[] {
  return practices.map((practice) => ({ ...practice, neighbours: Object.fromEntries(practices.filter(({ id }) => id !== practice.id).map(({ id }) => [id, acceptance])) }));
}
