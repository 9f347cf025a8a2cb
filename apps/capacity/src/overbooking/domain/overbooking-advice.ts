import { type SessionOutcome, type Weights, outcomeOf, utilityOf } from './session';
import type { EstimatedRate, ShowRate } from './show-rate';

/** A session is its slots and one rate. Why so little: with nothing about persons in it, no person can be double-booked by it (P20). */
export interface Session {
  readonly slots: number;
  readonly slotMinutes: number;
  readonly rate: EstimatedRate;
}
/** A session in minutes and people, to a tenth; `utility` to a thousandth. */
export interface ExpectedSession {
  readonly bookings: number;
  readonly seen: number;
  readonly waitMinutesPerSeen: number;
  readonly overtimeMinutes: number;
  readonly idleMinutes: number;
  readonly utility: number;
}
export interface OverbookingAdvice {
  readonly advice: 'none' | 'overbook';
  readonly sentence: string;
  /** How many visits more than slots, and how many visits in each slot. */
  readonly extra: number;
  readonly bookingsPerSlot: readonly number[];
  readonly usual: ExpectedSession;
  readonly advised: ExpectedSession;
  /** The extra visits that would be advised at the ends of the rate's interval. */
  readonly extraWithin: { readonly fewest: number; readonly most: number };
}

const LEAST_GAIN = 1e-9;
/** Nobody doubles a whole session on a model of punctual people. */
const mostExtra = (slots: number): number => slots;

/** Whether to book more visits than slots into a session, and into which: one at a time where it helps most, as long as it helps. */
export function adviseSession(session: Session, weights: Weights): OverbookingAdvice {
  const plan = planned(session.slots, session.rate.rate, weights);
  const extra = extraOf(plan, session.slots);
  const [usual, advised] = [planOf(session.slots), plan].map((one) => expected(one, session, weights));
  return {
    advice: extra > 0 ? 'overbook' : 'none', sentence: sentenceOf(session, extra, usual!, advised!), extra, bookingsPerSlot: plan, usual: usual!, advised: advised!,
    extraWithin: { fewest: extraOf(planned(session.slots, session.rate.high, weights), session.slots), most: extraOf(planned(session.slots, session.rate.low, weights), session.slots) },
  };
}

type Plan = readonly number[];
const planOf = (slots: number): Plan => new Array<number>(slots).fill(1);
const extraOf = (plan: Plan, slots: number): number => plan.reduce((sum, bookings) => sum + bookings, 0) - slots;
const outcomeOfPlan = (plan: Plan, rate: ShowRate): SessionOutcome => outcomeOf(plan.map((bookings) => new Array<ShowRate>(bookings).fill(rate)));

function planned(slots: number, rate: ShowRate, weights: Weights): Plan {
  let best = planOf(slots);
  let utility = utilityOf(outcomeOfPlan(best, rate), weights);
  while (extraOf(best, slots) < mostExtra(slots)) {
    const tries = best.map((_, slot) => best.map((bookings, at) => (at === slot ? bookings + 1 : bookings)));
    const utilities = tries.map((plan) => utilityOf(outcomeOfPlan(plan, rate), weights));
    const most = Math.max(...utilities);
    const better = tries[utilities.indexOf(most)];
    if (better === undefined || most <= utility + LEAST_GAIN) break;
    best = better;
    utility = most;
  }
  return best;
}

function expected(plan: Plan, { rate, slotMinutes }: Session, weights: Weights): ExpectedSession {
  const outcome = outcomeOfPlan(plan, rate.rate);
  return {
    bookings: plan.reduce((sum, bookings) => sum + bookings, 0), seen: tenth(outcome.seen), waitMinutesPerSeen: outcome.seen === 0 ? 0 : tenth((outcome.wait * slotMinutes) / outcome.seen),
    overtimeMinutes: tenth(outcome.overtime * slotMinutes), idleMinutes: tenth(outcome.idle * slotMinutes), utility: Math.round(utilityOf(outcome, weights) * 1000) / 1000,
  };
}

function sentenceOf({ slots, rate }: Session, extra: number, usual: ExpectedSession, advised: ExpectedSession): string {
  const missed = `${tenth((1 - rate.rate) * 100)} % of visits are missed`;
  return extra === 0
    ? `Do not overbook: ${missed}, and one visit more than the ${slots} slots is not worth what it costs in waiting and overtime. That is usual where 5 to 10 % are missed.`
    : `Book ${slots + extra} visits into ${slots} slots: ${missed}, so ${advised.seen} instead of ${usual.seen} patients are seen; each waits ${advised.waitMinutesPerSeen} minutes and the session runs ${advised.overtimeMinutes} minutes over.`;
}

const tenth = (value: number): number => Math.round(value * 10) / 10;
