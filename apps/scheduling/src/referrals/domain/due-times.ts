import { addDays, HOUR, type Instant, instantOf, type LocalDate, localDateOf, type LocalTime, plusMs, weekdayOf, type Zone } from '@slotmesh/kernel';
import type { ReferralSnapshot } from '@slotmesh/contracts';
import { federalHolidays } from '../../availability/domain/federal-holidays';
import type { ReferralStatus, Side, Steppable } from './transitions';

export type Urgency = ReferralSnapshot['urgency'];
/** `hours` run through nights and weekends; `workingDays` end at 17:00 of that working day after the day on which the wait began. */
type Within = { readonly hours: number } | { readonly workingDays: number };
interface Wait {
  readonly for: Side;
  readonly within: Readonly<Record<Urgency, Within>>;
}

const hours = (n: number): Within => ({ hours: n });
const workingDays = (n: number): Within => ({ workingDays: n });

/**
 * Who has to take the next step and how long they have. No standard fixes these times, so all are our defaults, except the payer's: 72 hours for what is
 * expedited and seven calendar days otherwise is what 42 CFR 422.568(b) and 422.572(a) give a payer from 2026 on (CMS-0057-F).
 */
const WAITS = {
  receipt: { for: 'receiver', within: { stat: hours(1), urgent: workingDays(1), routine: workingDays(2) } },
  answer: { for: 'receiver', within: { stat: hours(2), urgent: workingDays(1), routine: workingDays(3) } },
  authorisation: { for: 'receiver', within: { stat: hours(72), urgent: hours(72), routine: hours(168) } },
  booking: { for: 'sender', within: { stat: hours(4), urgent: workingDays(2), routine: workingDays(5) } },
  outcome: { for: 'receiver', within: { stat: workingDays(1), urgent: workingDays(1), routine: workingDays(1) } },
  note: { for: 'receiver', within: { stat: workingDays(1), urgent: workingDays(3), routine: workingDays(7) } },
  reading: { for: 'sender', within: { stat: workingDays(1), urgent: workingDays(2), routine: workingDays(5) } },
  anotherWay: { for: 'sender', within: { stat: hours(1), urgent: workingDays(1), routine: workingDays(3) } },
} as const satisfies Readonly<Record<string, Wait>>;

/** What decides the next due time. */
export interface Waiting extends Steppable {
  readonly urgency: Urgency;
  readonly since: Instant;
  readonly visitAt: Instant | null;
  readonly zone: Zone;
  /** The authorisation has run out, so a new one is waited for. */
  readonly expired?: boolean;
}

/** When the next step is due and whose it is; null where the loop is closed. */
export function nextDue(referral: Waiting): { readonly dueAt: Instant; readonly waitsFor: Side } | null {
  const wait = waitOf(referral);
  if (wait === null) return null;
  const from = referral.status === 'scheduled' && referral.visitAt !== null ? (Math.max(referral.visitAt, referral.since) as Instant) : referral.since;
  return { dueAt: dueAfter(from, wait.within[referral.urgency], referral.zone), waitsFor: referral.receiver === null ? 'sender' : wait.for };
}

function waitOf({ status, needsAuthorisation, receiver, expired = false }: Waiting): Wait | null {
  const byStatus: Readonly<Record<ReferralStatus, Wait | null>> = {
    sent: receiver === null ? WAITS.answer : WAITS.receipt, received: WAITS.answer, accepted: needsAuthorisation ? WAITS.authorisation : WAITS.booking, authorised: expired ? WAITS.authorisation : WAITS.booking,
    scheduled: WAITS.outcome, seen: WAITS.note, 'note-returned': WAITS.reading, declined: WAITS.anotherWay, closed: null, cancelled: null,
  };
  return byStatus[status];
}

const END_OF_WORK = '17:00' as LocalTime;

function dueAfter(from: Instant, within: Within, zone: Zone): Instant {
  if ('hours' in within) return plusMs(from, within.hours * HOUR);
  let date = localDateOf(from, zone);
  for (let left = within.workingDays; left > 0; ) {
    date = addDays(date, 1);
    if (isWorkingDay(date)) left -= 1;
  }
  return instantOf(date, END_OF_WORK, zone);
}

/** Monday to Friday without the federal holidays and the days on which they are observed. */
export const isWorkingDay = (date: LocalDate): boolean => weekdayOf(date) <= 5 && federalHolidays(date, date).length === 0;
