import { DAY, type Instant, type LocalDate, type LocalTime, addDays, instantOf, localDateOf, nextPermitted, plusMs } from '@slotmesh/kernel';
import type { PatientTime } from '../../plans/domain/step-time';
import type { RecallTerms } from './recall';

const AT = '10:00' as LocalTime;
/** A message that could not leave for so long says nothing new any more; the next one does. */
const STALE_AFTER = 3 * DAY;

interface Asked {
  readonly due: LocalDate;
  readonly terms: Pick<RecallTerms, 'firstDaysBefore' | 'repeatEveryDays' | 'maxMessages'>;
  readonly messages: number;
  readonly lastMessageAt: Instant | null;
}

/**
 * When the patient is written to next: at 10:00 of the patient's wall clock (P6), out of quiet hours (P15), on a calendar day counted from the due date or
 * from the message before. What is past becomes the next 10:00. Null: there were as many as the rule allows.
 */
export function nextMessageAt({ due, terms, messages, lastMessageAt }: Asked, { zone, quiet }: PatientTime, now: Instant): Instant | null {
  if (messages >= terms.maxMessages) return null;
  const day = lastMessageAt === null ? addDays(due, -terms.firstDaysBefore) : addDays(localDateOf(lastMessageAt, zone), terms.repeatEveryDays);
  const planned = instantOf(day, AT, zone);
  return nextPermitted(planned >= now ? planned : nextTen(now, zone), quiet, zone);
}

function nextTen(now: Instant, zone: PatientTime['zone']): Instant {
  const today = localDateOf(now, zone);
  const at = instantOf(today, AT, zone);
  return at >= now ? at : instantOf(addDays(today, 1), AT, zone);
}

export const staleAt = (askedAt: Instant): Instant => plusMs(askedAt, STALE_AFTER);
/** Its place in the sender's queue: behind the visits that come before it, and never before them because it is overdue. */
export const placeInQueue = (due: LocalDate, zone: PatientTime['zone'], askedAt: Instant): Instant => Math.max(instantOf(due, AT, zone), staleAt(askedAt)) as Instant;
