import { type KnownPractice, WEEKS } from '../../what-if/domain/known-practices';
import type { Rates } from './counts';
import { FileTooShort, TooMuchUnread } from './trial.errors';
import { type VisitFile, quantile } from './visit-file';

const LEAST_WEEKS = 8;
/** More than this and what was read may be another year than the practice's. */
const MOST_UNREAD = 0.02;
const USUAL_MINUTES = 30;
/** A calendar that is full on one day of ten has about so many slots. */
const FULL_DAYS = 0.9;

/**
 * Rates of a year of visits. Visits say nothing of slots that stayed empty or of who gave up: without `slotsPerDay` a day of the upper tenth counts as full, and the load is at least what it says. A visit that is called off and booked again is one request.
 * Days after the last visit that was kept or missed are left out: more will be booked for them.
 * Throws TooMuchUnread, FileTooShort.
 */
export function ratesOf(file: VisitFile, slotsPerDay: number | undefined): Rates {
  if (file.unreadLines > file.rows * MOST_UNREAD) throw new TooMuchUnread(file.unreadLines, file.rows);
  if (file.weeks < LEAST_WEEKS) throw new FileTooShort(file.weeks, LEAST_WEEKS);
  const { settledTo } = file;
  const open = file.days.filter(({ day, visits }) => visits > 0 && settledTo !== null && day <= settledTo);
  const visits = open.reduce((sum, day) => sum + day.visits, 0);
  const slots = slotsPerDay ?? Math.max(1, quantile(open.map((day) => day.visits - day.calledOff), FULL_DAYS));
  const settled = file.kept + file.missed;
  const cancelRate = open.reduce((sum, day) => sum + day.calledOff, 0) / visits;
  return {
    slotsPerDay: slots, slotsAreEstimated: slotsPerDay === undefined, daysPerWeek: Math.round((open.length / file.weeks) * 100) / 100, load: Math.round(((visits * (1 - cancelRate)) / (slots * open.length)) * 1_000) / 1_000, visitMinutes: file.visitMinutes ?? USUAL_MINUTES,
    cancelRate: Math.round(cancelRate * 1_000) / 1_000, noShowRate: settled === 0 ? 0 : Math.round((file.missed / settled) * 1_000) / 1_000, leadDays: Math.round(file.leadDays * 10) / 10, weeks: file.weeks,
  };
}

/** The candidate as if it had been counted here, over as many weeks as partners are. */
export function asKnown(id: string, { slotsPerDay, daysPerWeek, load, visitMinutes, cancelRate, noShowRate, leadDays }: Rates): KnownPractice {
  const days = daysPerWeek * WEEKS;
  const first = slotsPerDay * days * load;
  const visits = first / (1 - Math.min(0.9, cancelRate));
  const settled = visits * (1 - cancelRate);
  return { id, weeks: WEEKS, days, minutes: slotsPerDay * days * visitMinutes, sharedMinutes: 0, visitMinutes, requests: visits, visits, calledOff: visits * cancelRate, missed: settled * noShowRate, fulfilled: settled * (1 - noShowRate), leadDays };
}
