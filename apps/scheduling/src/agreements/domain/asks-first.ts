import { HOUR, type Instant, MINUTE } from '@slotmesh/kernel';

/** A provider whose desk says yes or no to a visit that a partner asks for. */
export interface AsksFirst {
  /** So long the desk has to answer. */
  readonly withinHours: number;
  /** Of the visit type: nearer than this nobody books it. */
  readonly noticeMinutes: number;
}

/** Somebody has to get there, and must know until then. */
const LAST_CALL = HOUR;
/** With less than this a question is no question. */
const LEAST_TO_ANSWER = 15 * MINUTE;

/**
 * Until when a request that is made now may be answered: never later than the time returns to its owner, nor than the notice of its visit type, so that nobody waits for an answer when the visit begins
 * and what is refused can still be taken by somebody else. Null: there is no time left to answer in.
 */
export function answerDue({ withinHours, noticeMinutes }: AsksFirst, start: Instant, returnsHours: number | null, now: Instant): Instant | null {
  const due = Math.min(now + withinHours * HOUR, start - Math.max(LAST_CALL, noticeMinutes * MINUTE), start - (returnsHours ?? 0) * HOUR) as Instant;
  return due - now < LEAST_TO_ANSWER ? null : due;
}
