import type { Advice as Simulated } from '../../simulation/domain/advice';
import { type Interval } from '../../simulation/domain/interval';
import { type Outcomes, TOGETHER, lineOf } from '../../simulation/domain/trial';
import type { KnownPractice } from '../../what-if/domain/known-practices';
import { WEEKS } from '../../what-if/domain/known-practices';
import type { Advice } from './advice';

/** Shares that are tried each week: few, because each takes a simulated year per run. */
export const TRIED_SHARES = [0.1, 0.2, 0.3];
export const WEEKLY_RUNS = 10;
const FOUR_WEEKS = 4;

/**
 * What a simulated partnership tells one of its practices: how much to share, that sharing should stop, or that time has to be added first. Nothing where it would change less than chance does. All of it is known to every
 * practice in the same steps, so that of partners rounded means are told, and of the own practice intervals (P18).
 */
export function sharingAdvice(simulated: Simulated, practice: Pick<KnownPractice, 'id' | 'requests' | 'visitMinutes'>): Advice[] {
  const { verdict, rules, missing } = simulated;
  if (verdict === 'share' && rules !== null) return [share(simulated, Math.round(rules.share * 100), practice)];
  const stop = verdict === 'stop-sharing' ? [stopSharing(simulated, practice)] : [];
  return [...stop, ...((verdict === 'sharing-will-not-help' || verdict === 'stop-sharing') && missing !== null && isCertain(lineOf(missing.difference, TOGETHER).waitDays) ? [addTime(simulated, missing, practice)] : [])];
}

const isCertain = ({ high }: Interval): boolean => high < 0;
const days = (value: number): string => `${value.toFixed(1)} ${value.toFixed(1) === '1.0' ? 'working day' : 'working days'}`;
const tenths = (value: number): number => Math.round(value * 10) / 10 + 0;
const patientsOf = ({ requests }: Pick<KnownPractice, 'requests'>): number => Math.round((requests * FOUR_WEEKS) / WEEKS);
const MODEL = `In ${WEEKLY_RUNS} simulated years of the partnership as its last ${WEEKS} weeks were`;

function share({ present, advised, difference, busiest, reason, missing }: Simulated, percent: number, practice: Pick<KnownPractice, 'id' | 'requests' | 'visitMinutes'>): Advice {
  const [before, after, change] = [lineOf(present, practice.id), lineOf(advised, practice.id), lineOf(difference, practice.id)];
  const lent = after.lentPerWeek.mean;
  return {
    kind: 'share-time', service: null, title: `Share ${percent} % of each day's time with your partners`,
    reason: `${MODEL}: ${reason} At your practice it goes from ${days(before.ownThirdNextDays.mean)} to ${days(after.ownThirdNextDays.mean)} by your own times${missing === null ? '' : ', and time is still short'}. Busiest is ${busiest === practice.id ? 'your practice' : busiest}.`,
    ...ownThird(before, change), effect: ofBusiest(busiest, practice.id, lineOf(advised, busiest)),
    cost: `About ${Math.round(lent)} of your visits a week (${Math.round(lent * (practice.visitMinutes ?? 0))} minutes) go to patients of partners, and ${Math.round(after.borrowedPerWeek.mean)} of theirs to yours.`,
    sure: 'simulated', patients: patientsOf(practice),
  };
}

function stopSharing({ present, advised, difference, reason }: Simulated, practice: Pick<KnownPractice, 'id' | 'requests'>): Advice {
  const [before, after] = [lineOf(present, practice.id), lineOf(advised, practice.id)];
  return {
    kind: 'share-time', service: null, title: 'Stop sharing time with your partners',
    reason: `${MODEL}: ${reason} At your practice the third next available time goes from ${days(before.ownThirdNextDays.mean)} to ${days(after.ownThirdNextDays.mean)} by your own times.`,
    ...ownThird(before, lineOf(difference, practice.id)), effect: meanOfAll(lineOf(advised, TOGETHER)),
    cost: `About ${Math.round(before.borrowedPerWeek.mean)} of your patients a week no longer go to partners, and ${Math.round(before.lentPerWeek.mean)} of theirs no longer come to you.`, sure: 'simulated', patients: patientsOf(practice),
  };
}

function addTime({ present }: Simulated, { slotsPerDay, added, difference }: NonNullable<Simulated['missing']>, practice: Pick<KnownPractice, 'id' | 'requests'>): Advice {
  return {
    kind: 'add-time-first', service: null, title: 'Add time first: sharing will not help while every practice is overloaded',
    reason: `${MODEL}, patients ask for more than all practices together have, so that nobody has time to lend. ${slotsPerDay.toFixed(1)} visits a day more over all practices would bring the mean wait of all patients from ${days(lineOf(present, TOGETHER).waitDays.mean)} to ${days(lineOf(added, TOGETHER).waitDays.mean)}.`,
    ...ownThird(lineOf(present, practice.id), lineOf(difference, practice.id)), effect: meanOfAll(lineOf(added, TOGETHER)),
    cost: `Time for ${slotsPerDay.toFixed(1)} visits a day over all practices.`, sure: 'simulated', patients: patientsOf(practice),
  };
}

/** The own third next available time with the change of the same years of luck: its interval is that of the change. */
function ownThird(before: Outcomes, { ownThirdNextDays: change }: Outcomes): Pick<Advice, 'measure' | 'now' | 'unit' | 'expected'> {
  const now = before.ownThirdNextDays.mean;
  const at = (by: number): number => tenths(Math.max(0, now + by));
  return { measure: 'third-next-available-working-days', now: tenths(now), unit: 'working days', expected: { value: at(change.mean), low: at(change.low), high: at(change.high) } };
}

function ofBusiest(busiest: string, own: string, { ownThirdNextDays: { mean, low, high } }: Outcomes): Advice['effect'] {
  const isOwn = busiest === own;
  return { what: 'Working days to the third next available time of the busiest practice, of its own times alone', value: tenths(mean), low: isOwn ? tenths(low) : null, high: isOwn ? tenths(high) : null };
}

const meanOfAll = ({ waitDays: { mean, low, high } }: Outcomes): Advice['effect'] => ({ what: 'Working days that patients of all practices wait on average', value: tenths(mean), low: tenths(low), high: tenths(high) });
