import { type Behaviour, MOST_LOAD, MOST_SLOTS_PER_DAY, type Partnership, type ShareRules, everybodyReaches, usualBehaviour, usualRules } from '../../simulation/domain/partnership';
import { SMALLEST_SHOWN } from '../../measures/domain/measure';
import { TooLittleKnown } from './what-if.errors';

/** Whole weeks that are looked back on, and how many of them must have scheduled time. */
export const WEEKS = 13;
export const LEAST_WEEKS = 8;

/** What was counted of a practice over the weeks: sums, nothing of a single visit. */
export interface KnownPractice {
  readonly id: string;
  /** Weeks and days that had scheduled time, and its minutes; those that stood open to partners. */
  readonly weeks: number;
  readonly days: number;
  readonly minutes: number;
  readonly sharedMinutes: number;
  /** Median length of the visits at the practice; null: there were none. */
  readonly visitMinutes: number | null;
  /** Visits booked or asked for by the practice and patients who wait, in the weeks. */
  readonly requests: number;
  /** Of visits on days of the weeks: all, those that patients called off, missed and fulfilled ones. */
  readonly visits: number;
  readonly calledOff: number;
  readonly missed: number;
  readonly fulfilled: number;
  /** Mean calendar days from request to visit. */
  readonly leadDays: number;
}

/** The partnership as the simulator needs it, from what is known of its practices. Behaviour is that of the practice that asks; `invented` is as exact as it, for there is nobody to protect. Throws TooLittleKnown. */
export function partnershipOf(known: readonly KnownPractice[], own: string, rules: Partial<ShareRules>, invented: string | null = null): Partnership {
  const missing = known.flatMap((practice) => whatIsMissing(practice, practice.id === own));
  const mine = known.find(({ id }) => id === own);
  if (missing.length > 0 || mine === undefined) throw new TooLittleKnown(missing.length > 0 ? missing : ['Your practice is not known here yet.']);
  const workingDays = Math.max(...known.map(({ days }) => days));
  return {
    practices: everybodyReaches(known.map((practice) => simulated(practice, workingDays, practice.id === own || practice.id === invented))),
    rules: { ...usualRules, share: shareOf(mine), ...rules },
    behaviour: behaviourOf(mine),
  };
}

/** The partnership as none of its practices owns it: all loads in steps, and the behaviour of all patients together. Throws TooLittleKnown. */
export function partnershipTogether(known: readonly KnownPractice[]): Partnership {
  const missing = known.flatMap((practice) => whatIsMissing(practice, false));
  if (missing.length > 0) throw new TooLittleKnown(missing);
  const sum = (of: (practice: KnownPractice) => number): number => known.reduce((all, practice) => all + of(practice), 0);
  const [workingDays, visits] = [Math.max(...known.map(({ days }) => days)), sum((one) => one.visits)];
  return {
    practices: everybodyReaches(known.map((practice) => simulated(practice, workingDays, false))),
    rules: { ...usualRules, share: shareOf({ sharedMinutes: sum((one) => one.sharedMinutes), minutes: sum((one) => one.minutes) }) },
    behaviour: behaviourOf({ visits, calledOff: sum((one) => one.calledOff), missed: sum((one) => one.missed), fulfilled: sum((one) => one.fulfilled), leadDays: visits === 0 ? 0 : sum((one) => one.leadDays * one.visits) / visits }),
  };
}

/** Why no more than all: time that stands open under several agreements is counted under each. */
const shareOf = ({ sharedMinutes, minutes }: Pick<KnownPractice, 'sharedMinutes' | 'minutes'>): number => Math.min(1, Math.round((sharedMinutes / minutes) * 100) / 100);

/** Why bounded: a visit whose move is known and whose cancellation is not yet would make it negative. */
const calledOffShare = ({ visits, calledOff }: Pick<KnownPractice, 'visits' | 'calledOff'>): number => (visits <= 0 ? 0 : Math.min(1, Math.max(0, calledOff / visits)));

function whatIsMissing({ id, weeks, visitMinutes, requests, minutes }: KnownPractice, isOwn: boolean): string[] {
  const whose = isOwn ? 'Your practice' : `Practice ${id}`;
  if (weeks < LEAST_WEEKS) return [`${whose} has scheduled time in ${isOwn ? `${weeks}` : `fewer than ${LEAST_WEEKS}`} of the last ${WEEKS} weeks; ${LEAST_WEEKS} are needed.`];
  if (visitMinutes === null) return [`${whose} had no visits in the last ${WEEKS} weeks, so that the length of a slot is not known.`];
  if (requests < SMALLEST_SHOWN) return [`${whose} had too few requests in the last ${WEEKS} weeks.`];
  return (requests * visitMinutes) / minutes > MOST_LOAD ? [`${whose} has so many more requests than scheduled time that its scheduled time cannot be all of it.`] : [];
}

/**
 * Slots a day are over the days on which the busiest calendar was open, so that a practice that opens three days a week does not look like one of five. A visit that is booked again after a cancellation is one request.
 * A partner's load comes in steps of no fewer than the smallest count that is shown, and its slots in whole ones, so that no number of simulations tells fewer people apart (P18).
 */
function simulated({ id, minutes, visitMinutes, requests, visits, calledOff }: KnownPractice, workingDays: number, isExact: boolean): { readonly id: string; readonly slotsPerDay: number; readonly load: number } {
  const slots = minutes / (visitMinutes ?? 1);
  const first = requests * (1 - calledOffShare({ visits, calledOff }));
  const step = isExact ? 0.001 : Math.max(0.01, SMALLEST_SHOWN / slots);
  const perDay = Math.min(MOST_SLOTS_PER_DAY, Math.max(1, slots / workingDays));
  return { id, slotsPerDay: isExact ? Math.round(perDay * 10) / 10 : Math.round(perDay), load: Math.min(MOST_LOAD, Math.round(Math.round(first / slots / step) * step * 1e6) / 1e6) };
}

/** Cancellations as they were, and the published curve of no-shows by lead, raised or lowered so that it gives the practice's own rate at its mean lead; what too few visits stand behind stays usual. */
function behaviourOf({ visits, calledOff, missed, fulfilled, leadDays }: Pick<KnownPractice, 'visits' | 'calledOff' | 'missed' | 'fulfilled' | 'leadDays'>): Behaviour {
  const kept = missed + fulfilled;
  const lead = Math.round((leadDays * 5) / 7);
  const published = usualBehaviour.noShow.findLast(({ days }) => days <= lead)?.rate ?? 1;
  const factor = kept < SMALLEST_SHOWN ? 1 : missed / kept / published;
  return {
    ...usualBehaviour, cancelRate: visits < SMALLEST_SHOWN ? usualBehaviour.cancelRate : Math.round(calledOffShare({ visits, calledOff }) * 1000) / 1000,
    noShow: usualBehaviour.noShow.map(({ days, rate }) => ({ days, rate: Math.min(1, Math.round(rate * factor * 10_000) / 10_000) })),
  };
}
