import { DAY, type Instant, type LocalDate, MINUTE, type ServiceCode, type SiteId, type TimeRange, type VisitTypeId, type Zone, FIRST_INSTANT, intersect, plusMinutes, plusMs, subtract, union } from '@slotmesh/kernel';
import { type OpenRange, type Schedule, openRanges, rangeOfDays } from '../../availability/domain/working-hours';
import { findStarts } from '../../openings/domain/find-starts';
import { gridMinutes } from '../../openings/domain/grid';
import type { SessionRules } from '../../openings/domain/session-rules';

/** One kind of visit that a provider gives at a site. */
export interface GivenVisit {
  readonly visitType: VisitTypeId;
  readonly service: ServiceCode;
  readonly durationMinutes: number;
  readonly extraMinutes: number;
  /** Whether a partner could ever have it at a start; null: nobody could at any. */
  readonly isLent: ((start: Instant) => boolean) | null;
}
/** A site at which a provider works. */
export interface PlaceOfWork {
  readonly site: SiteId;
  readonly zone: Zone;
  readonly schedule: Schedule;
  readonly rules: SessionRules | null;
  readonly visits: readonly GivenVisit[];
}
/** Minutes of real time. What has none is left out. */
export interface Supply {
  readonly minutes: number;
  readonly shared: number;
  readonly sites: readonly { readonly site: SiteId; readonly zone: Zone; readonly minutes: number }[];
  readonly services: readonly { readonly service: ServiceCode; readonly minutes: number }[];
}

/**
 * What a date of a provider holds, whatever is booked, by the hours, exceptions and closures of each site on its own wall. Time that lies in two visits, services or sites counts once in each sum. Time that hours keep for some visits
 * belongs to those alone, also where it is released to all shortly before: that is known only then.
 */
export function supplyOf(date: LocalDate, places: readonly PlaceOfWork[]): Supply {
  const scheduled: TimeRange[] = [];
  const lent: TimeRange[] = [];
  const sites: Supply['sites'][number][] = [];
  const services = new Map<ServiceCode, TimeRange[]>();
  for (const place of places) {
    const { site, zone, schedule, visits } = place;
    const day = rangeOfDays(date, date, zone);
    // Why the days around it: a visit may begin the evening before or run on over midnight.
    const open = openRanges(schedule, { start: plusMs(day.start, -DAY), end: plusMs(day.end, DAY) }, zone);
    const hours = intersect(open, [day]);
    scheduled.push(...hours);
    sites.push({ site, zone, minutes: minutesOf(hours) });
    for (const visit of visits) {
      services.set(visit.service, [...(services.get(visit.service) ?? []), ...subtract(hours, keptFromIt(place, visit, day))]);
      lent.push(...intersect(lentVisits(place, visit, open, day), [day]));
    }
  }
  return {
    minutes: minutesOf(scheduled), shared: minutesOf(lent),
    sites: sites.filter(({ minutes }) => minutes > 0).sort((a, b) => compare(a.site, b.site)),
    services: [...services].map(([service, time]) => ({ service, minutes: minutesOf(time) })).filter(({ minutes }) => minutes > 0).sort((a, b) => compare(a.service, b.service)),
  };
}

function keptFromIt({ rules }: PlaceOfWork, { visitType, service }: GivenVisit, day: TimeRange): readonly TimeRange[] {
  return (rules?.sessions(day) ?? []).filter(({ block: { keptFor } }) => keptFor !== null && !keptFor.visitTypes.includes(visitType) && !keptFor.services.includes(service));
}

function lentVisits({ rules }: PlaceOfWork, { isLent, ...visit }: GivenVisit, open: readonly OpenRange[], day: TimeRange): TimeRange[] {
  if (isLent === null) return [];
  const window = { start: plusMinutes(day.start, -visit.durationMinutes), end: day.end };
  return findStarts({ durationMinutes: visit.durationMinutes, bufferBeforeMinutes: 0, bufferAfterMinutes: 0, open, busy: [], stepMinutes: gridMinutes(visit), window })
    .map((start) => ({ start, end: plusMinutes(start, visit.durationMinutes) }))
    .filter((time) => isLent(time.start) && (rules?.decide({ ...time, ...visit }, FIRST_INSTANT).allowed ?? true));
}

const minutesOf = (time: readonly TimeRange[]): number => Math.round(union(time).reduce((ms, { start, end }) => ms + end - start, 0) / MINUTE);
const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
