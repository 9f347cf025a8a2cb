import { DAY, type Instant, type PracticeId, type TimeRange, type Zone, localTimeOf, staffReading } from '@slotmesh/kernel';

export const partsOfDay = ['morning', 'afternoon', 'evening'] as const;
export type PartOfDay = (typeof partsOfDay)[number];

/** By the site's wall clock: morning before 12:00, afternoon before 17:00, evening after. */
export function isInPartOfDay(start: Instant, zone: Zone, part: PartOfDay): boolean {
  const time = localTimeOf(start, zone);
  return part === (time < '12:00' ? 'morning' : time < '17:00' ? 'afternoon' : 'evening');
}

const STARTS: Readonly<Record<PartOfDay, string>> = { morning: '00:00', afternoon: '12:00', evening: '17:00' };
const ENDS: Readonly<Record<PartOfDay, string>> = { morning: '12:00', afternoon: '17:00', evening: '24:00' };
/** Whether any of a stretch, such as a whole opening day, lies in the part of day. */
export function meetsPartOfDay(stretch: TimeRange, zone: Zone, part: PartOfDay): boolean {
  if (stretch.end - stretch.start >= DAY) return true;
  const [from, to] = [localTimeOf(stretch.start, zone), localTimeOf(stretch.end, zone)];
  const meets = (begin: string, end: string): boolean => begin < ENDS[part] && end > STARTS[part];
  return from < to ? meets(from, to) : meets(from, '24:00') || meets('00:00', to);
}

export interface DistanceFrom {
  readonly latitude: number;
  readonly longitude: number;
  readonly radiusKm?: number;
  /** Who measures; left out: nobody is told of it. */
  readonly by?: PracticeId;
}
interface Place {
  readonly latitude: number | null;
  readonly longitude: number | null;
}
const EARTH_KM = 6371.0088;
const radians = (degrees: number): number => (degrees * Math.PI) / 180;

/** Great-circle distance (haversine); null where the place is not known. */
export function kilometresBetween(a: { readonly latitude: number; readonly longitude: number }, b: Place): number | null {
  if (b.latitude === null || b.longitude === null) return null;
  const h = Math.sin(radians(b.latitude - a.latitude) / 2) ** 2 + Math.cos(radians(a.latitude)) * Math.cos(radians(b.latitude)) * Math.sin(radians(b.longitude - a.longitude) / 2) ** 2;
  return 2 * EARTH_KM * Math.asin(Math.min(1, Math.sqrt(h)));
}

/** Where a practice may measure to: of another practice's sensitive place its surroundings, ten kilometres or so, since a few exact distances would give the street that is not said. */
export function placeFor({ practice, siteSensitive, latitude, longitude }: Place & { readonly practice: string; readonly siteSensitive: boolean }, by: PracticeId | undefined): Place {
  if (!siteSensitive || by === undefined || staffReading(practice, by) === 'own-staff') return { latitude, longitude };
  return { latitude: roughly(latitude), longitude: roughly(longitude) };
}
const roughly = (degrees: number | null): number | null => (degrees === null ? null : Math.round(degrees * 10) / 10);

/** Without a radius everywhere is within reach; with one, only a place that is known. */
export function isWithinReach(place: Place, near: DistanceFrom | undefined): boolean {
  if (!near?.radiusKm) return true;
  const kilometres = kilometresBetween(near, place);
  return kilometres !== null && kilometres <= near.radiusKm;
}
