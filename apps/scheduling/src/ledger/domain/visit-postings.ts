import type { AppointmentSnapshot } from '@slotmesh/contracts';
import { type AgreementId, type Instant, type LocalDate, type LocalTime, MINUTE, type PracticeId, instantOf, localDateOf, type Zone } from '@slotmesh/kernel';
import type { AccountOf, Posting } from './posting';
import { type SlotMinutes, slotMinutes } from './slot-minutes';

/** Where the minutes of a visit lie, after its last posting. */
export interface VisitStanding {
  readonly account: 'booked' | 'used' | 'wasted';
  readonly agreement: AgreementId;
  readonly host: PracticeId;
  readonly booking: PracticeId;
  readonly day: LocalDate;
  readonly minutes: SlotMinutes;
}
export interface LedgerVisit extends Pick<AppointmentSnapshot, 'id' | 'status' | 'approval' | 'host' | 'booking' | 'start' | 'end' | 'zone'> {
  readonly agreement: AgreementId;
}

/** The moment at which a date is over where the visit takes place: from then on nobody can be given its time any more. */
export const endOfDay = (day: LocalDate, zone: Zone): Instant => instantOf(day, '24:00' as LocalTime, zone);
export const minutesOf = ({ start, end }: { readonly start: Instant; readonly end: Instant }): SlotMinutes => slotMinutes(Math.round((end - start) / MINUTE));

/** The account that a visit's status puts its minutes into; null: it takes no time. */
export function accountOfStatus(status: AppointmentSnapshot['status']): VisitStanding['account'] | null {
  switch (status) {
    case 'pending': case 'booked': case 'arrived': case 'checked-in': return 'booked';
    case 'fulfilled': return 'used';
    case 'noshow': return 'wasted';
    case 'proposed': case 'waitlist': case 'cancelled': case 'entered-in-error': return null;
  }
}

/**
 * What a visit that another practice booked moves, by one event. Its minutes come out of the host's pool and lie with the practice that booked: `booked`, then `used` or `wasted`. Called off or moved before its date
 * is over, they go back into the pool, where somebody else may take them (whether somebody did is known at the end of the date); called off afterwards they are wasted. A visit that stays without an outcome stays
 * `booked`, and from the end of its date on counts like a used one: the time was kept for that practice.
 */
export function postingsOfVisit(before: VisitStanding | null, visit: LedgerVisit, event: { readonly step: number; readonly at: Instant }): Posting[] {
  const account = accountOfStatus(visit.status);
  const { agreement, host, booking } = visit;
  const after: VisitStanding | null = account === null ? null : { account, agreement, host, booking, day: localDateOf(visit.start, visit.zone), minutes: minutesOf(visit) };
  const moves: Omit<Posting, 'cause'>[] = [];
  const move = ({ agreement, host, booking, day, minutes }: VisitStanding, from: AccountOf, to: AccountOf): void => {
    if (minutes > 0) moves.push({ agreement, host, booking, day, at: event.at, from, to, minutes });
  };
  if (before && after && isSameTime(before, after)) {
    if (before.account !== after.account) move(after, ofGuest(before), ofGuest(after));
  } else {
    if (before) move(before, ofGuest(before), released(before, visit, event.at));
    if (after) move(after, { practice: host, account: event.at < endOfDay(after.day, visit.zone) ? 'pool' : 'capacity' }, ofGuest(after));
  }
  return moves.map((posting, part) => ({ ...posting, cause: { kind: 'visit', id: visit.id, step: event.step, part } }));
}

function released(before: VisitStanding, visit: LedgerVisit, at: Instant): AccountOf {
  if (at < endOfDay(before.day, visit.zone)) return { practice: before.host, account: 'pool' };
  // Why: what never was is nobody's waste; nor is a request that got no yes, however late its end was noticed.
  return visit.status === 'entered-in-error' || (visit.approval !== undefined && visit.approval.state !== 'approved') ? { practice: before.host, account: 'returned' } : { practice: before.booking, account: 'wasted' };
}
const ofGuest = ({ booking, account }: VisitStanding): AccountOf => ({ practice: booking, account });
const isSameTime = (a: VisitStanding, b: VisitStanding): boolean => a.agreement === b.agreement && a.host === b.host && a.booking === b.booking && a.day === b.day && a.minutes === b.minutes;
