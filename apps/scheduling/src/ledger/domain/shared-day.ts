import { isPatientsReason, isPracticesReason } from '@slotmesh/contracts';
import { type Instant, type PracticeId, type ProviderId, type SiteId, type TimeRange, intersect, union } from '@slotmesh/kernel';
import type { AppointmentStatus } from '../../appointments/domain/transitions';
import { type OpenVisit, minutesOpen } from './packing';
import { type SlotMinutes, NO_MINUTES, minus, plus, slotMinutes } from './slot-minutes';
import { accountOfStatus, minutesOf } from './visit-postings';

/** Time of the host's own visits with one provider; `takenAt`: when it was taken. */
export interface OwnTime extends TimeRange {
  readonly provider: ProviderId;
  readonly takenAt: Instant;
}
/** A date of a host's calendar under an agreement: the visits that partners could have, those that they do have among them. */
export interface SharedDay {
  readonly visits: readonly OpenVisit[];
  readonly standing: SlotMinutes;
}
export interface DayChange {
  readonly day: SharedDay;
  readonly offered: SlotMinutes;
  readonly withdrawn: SlotMinutes;
  readonly takenBack: SlotMinutes;
}

/**
 * How a date changed when it was looked at again. `kept` are the visits whose time had returned to its owner by then: what happens to it later is the owner's business. What is missing is taken back as far as
 * the host's own visits lie in it, and withdrawn beyond.
 */
export function lookAgain(before: SharedDay, now: { readonly kept: readonly OpenVisit[]; readonly fresh: readonly OpenVisit[]; readonly own: readonly OwnTime[] }): DayChange {
  const visits = [...now.kept, ...now.fresh];
  const standing = minutesOpen(visits);
  const change = minus(standing, before.standing);
  const day = { visits, standing };
  if (change >= 0) return { day, offered: change, withdrawn: NO_MINUTES, takenBack: NO_MINUTES };
  const missing = slotMinutes(-change);
  const kept = new Set(now.kept);
  const takenBack = least(missing, minutesWithin(before.visits.filter((visit) => !kept.has(visit)), now.own));
  return { day, offered: NO_MINUTES, withdrawn: minus(missing, takenBack), takenBack };
}

/** A visit that a partner booked under the agreement, as it stands when its date is over. */
export interface PartnerVisit extends TimeRange {
  readonly id: string;
  readonly booking: PracticeId;
  readonly status: AppointmentStatus;
  readonly changedAt: Instant;
  readonly dayEnds: Instant;
  readonly cancelReason: string | null;
  /** The last moment at which calling it off was in time. */
  readonly inTimeUntil: Instant;
  /** Minutes of it that somebody else has taken. */
  readonly takenByOthers: SlotMinutes;
}
export interface LateVisit {
  readonly id: string;
  readonly booking: PracticeId;
  readonly minutes: SlotMinutes;
  readonly account: 'wasted' | 'withdrawn-late';
}
export interface DayEnd {
  readonly offered: SlotMinutes;
  readonly takenBack: SlotMinutes;
  readonly returned: SlotMinutes;
  readonly late: readonly LateVisit[];
}

/**
 * What became of a date that is over. `own`: visits that the host put there before the time had returned to it; `beside`: what partners could still have booked beside them. Where partners booked more than was counted as open (a longer visit, a seat of a group), so much
 * more was offered; it is theirs as well as the host's, so it changes no balance.
 */
export function endDay(day: SharedDay, { own, beside }: { readonly own: readonly OwnTime[]; readonly beside: readonly OpenVisit[] }, visits: readonly PartnerVisit[]): DayEnd {
  const kept = plus(...visits.filter(tookTime).map(minutesOf));
  const late = visits.filter((visit) => !tookTime(visit)).flatMap(lateOf);
  const takenBack = least(slotMinutes(Math.max(0, day.standing - minutesOpen(beside))), minutesWithin(day.visits, own));
  const rest = minus(day.standing, plus(takenBack, kept, ...late.map(({ minutes }) => minutes)));
  return { offered: slotMinutes(Math.max(0, -rest)), takenBack, returned: slotMinutes(Math.max(0, rest)), late };
}

/** What is called off after the date is over has taken its time. The same rule as in the postings of the visit. */
const tookTime = ({ status, changedAt, dayEnds }: PartnerVisit): boolean => accountOfStatus(status) !== null || ((status === 'cancelled' || status === 'entered-in-error') && changedAt >= dayEnds);

function lateOf(visit: PartnerVisit): LateVisit[] {
  const minutes = minus(minutesOf(visit), visit.takenByOthers);
  if (visit.status !== 'cancelled' || visit.changedAt <= visit.inTimeUntil || minutes <= 0 || visit.cancelReason === null) return [];
  const account = isPatientsReason(visit.cancelReason) ? 'wasted' : isPracticesReason(visit.cancelReason) ? 'withdrawn-late' : null;
  return account === null ? [] : [{ id: visit.id, booking: visit.booking, minutes, account }];
}

function minutesWithin(visits: readonly OpenVisit[], own: readonly OwnTime[]): SlotMinutes {
  const providers = [...new Set(visits.map(({ provider }) => provider))];
  const of = <T extends { readonly provider: ProviderId }>(items: readonly T[], provider: ProviderId): T[] => items.filter((item) => item.provider === provider);
  return plus(...providers.map((provider) => minutesOpen(intersect(union(of(visits, provider)), union(of(own, provider))))));
}
const least = (a: SlotMinutes, b: SlotMinutes): SlotMinutes => slotMinutes(Math.min(a, b));

/** By provider and site, for who opens an entry. */
export function placesOf(visits: readonly OpenVisit[]): { provider: ProviderId; site: SiteId; minutes: number }[] {
  const places = new Map<string, { provider: ProviderId; site: SiteId; minutes: number }>();
  for (const visit of visits) {
    const key = `${visit.provider}/${visit.site}`;
    const place = places.get(key) ?? { provider: visit.provider, site: visit.site, minutes: 0 };
    place.minutes += minutesOf(visit);
    places.set(key, place);
  }
  return [...places.values()];
}
