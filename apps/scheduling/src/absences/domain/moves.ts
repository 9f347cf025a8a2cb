import { type Instant, type LocalTime, type PracticeId, type ProviderId, type SiteId, type Zone, daysBetween, localDateOf, localTimeOf } from '@slotmesh/kernel';

export interface PlaceAndTime {
  readonly practice: PracticeId;
  readonly site: SiteId;
  readonly provider: ProviderId;
  readonly start: Instant;
  readonly zone: Zone;
}
export interface MoveCandidate extends PlaceAndTime {
  readonly id: string;
}
export interface ProposedMove<C extends MoveCandidate> {
  readonly to: C;
  readonly why: string;
}

const MOST = 3;
/** Who has waited two weeks would rather see somebody else. */
const NEAR_DAYS = 14;
const KINDS = ['same provider', 'same site, another provider', 'same practice, another site', 'shared by a partner'] as const;

/**
 * To which times a visit could go, best first: whom the patient knows, then where the patient goes anyway, then the same practice, then partners; within each the
 * day that is nearest and the hour most like the old one. What is more than two weeks away comes behind all that is nearer. One of each provider and day.
 */
export function bestMoves<C extends MoveCandidate>(visit: PlaceAndTime, candidates: readonly C[]): ProposedMove<C>[] {
  const ranked = candidates.map((to) => ({ to, kind: kindOf(visit, to), days: daysApart(visit, to), minutes: Math.abs(minuteOfDay(to) - minuteOfDay(visit)) }));
  ranked.sort((a, b) => Number(isFar(a.days)) - Number(isFar(b.days)) || a.kind - b.kind || Math.abs(a.days) - Math.abs(b.days) || a.minutes - b.minutes || a.to.start - b.to.start || (a.to.id < b.to.id ? -1 : 1));
  const seen = new Set<string>();
  return ranked.filter(({ to }) => {
    const day = `${to.provider}/${localDateOf(to.start, to.zone)}`;
    return !seen.has(day) && seen.size < MOST && seen.add(day);
  }).map(({ to, kind, days }) => ({ to, why: `${KINDS[kind] ?? ''}; ${when(days)}` }));
}

/** Whether there are enough near ones: what is of a kind farther behind than all that were looked at takes no place from them. */
export const areNearAndEnough = <C extends MoveCandidate>(visit: PlaceAndTime, moves: readonly ProposedMove<C>[]): boolean => moves.length === MOST && moves.every(({ to }) => !isFar(daysApart(visit, to)));

const kindOf = (visit: PlaceAndTime, to: PlaceAndTime): number => (to.practice !== visit.practice ? 3 : to.provider === visit.provider ? 0 : to.site === visit.site ? 1 : 2);
const isFar = (days: number): boolean => Math.abs(days) > NEAR_DAYS;
const daysApart = (visit: PlaceAndTime, to: PlaceAndTime): number => daysBetween(localDateOf(visit.start, visit.zone), localDateOf(to.start, to.zone));
function minuteOfDay({ start, zone }: PlaceAndTime): number {
  const time: LocalTime = localTimeOf(start, zone);
  return Number(time.slice(0, 2)) * 60 + Number(time.slice(3));
}
function when(days: number): string {
  if (days === 0) return 'the same day';
  const count = Math.abs(days) === 1 ? 'a day' : `${Math.abs(days)} days`;
  return `${count} ${days > 0 ? 'later' : 'earlier'}`;
}
