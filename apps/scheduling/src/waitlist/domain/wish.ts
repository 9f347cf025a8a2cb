import { type Instant, type LocalDate, type LocalTime, MINUTE, type PracticeId, type ServiceCode, type Zone, localDateOf, localTimeOf, plusMs, weekdayOf } from '@slotmesh/kernel';
import { isWithinReach } from '../../openings/domain/place-and-time';

/** What a waiting patient would take. Null and empty do not narrow. Days and times are those of the site's wall clock. */
export interface Wish {
  readonly service: ServiceCode;
  /** Practices that the patient accepts; null: any of the network. */
  readonly practices: readonly PracticeId[] | null;
  /** ISO weekdays, 1 is Monday. */
  readonly weekdays: readonly number[] | null;
  /** The visit starts at or after `from` and before `to`. */
  readonly from: LocalTime | null;
  readonly to: LocalTime | null;
  readonly earliest: LocalDate | null;
  readonly latest: LocalDate | null;
  readonly near: { readonly latitude: number; readonly longitude: number; readonly radiusKm: number } | null;
  /** How long before the visit the patient has to know. */
  readonly noticeMinutes: number;
}

export interface FreedTime {
  readonly host: PracticeId;
  readonly service: ServiceCode;
  readonly start: Instant;
  readonly zone: Zone;
  readonly latitude: number | null;
  readonly longitude: number | null;
}

/** Whether the patient would take this time; whether the practice may have it is decided elsewhere (P7). */
export function suits(wish: Wish, time: FreedTime, now: Instant): boolean {
  const date = localDateOf(time.start, time.zone);
  const clock = localTimeOf(time.start, time.zone);
  return wish.service === time.service
    && (wish.practices === null || wish.practices.includes(time.host))
    && (wish.weekdays === null || wish.weekdays.includes(weekdayOf(date)))
    && (wish.from === null || clock >= wish.from) && (wish.to === null || clock < wish.to)
    && (wish.earliest === null || date >= wish.earliest) && (wish.latest === null || date <= wish.latest)
    && isWithinReach(time, wish.near ?? undefined)
    && plusMs(now, wish.noticeMinutes * MINUTE) <= time.start;
}
