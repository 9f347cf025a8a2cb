import { type Instant, MINUTE, type ProviderId, type SiteId, type TimeRange, overlaps, plusMinutes } from '@slotmesh/kernel';
import type { Offering } from '../../openings/domain/opening';
import { assign } from '../../openings/domain/resource-need';
import type { SessionDecision } from '../../openings/domain/session-rules';
import { type SlotMinutes, slotMinutes } from './slot-minutes';

/** One visit that a partner could have. */
export interface OpenVisit extends TimeRange {
  readonly provider: ProviderId;
  readonly site: SiteId;
  /** The quotas that it counts in. */
  readonly quotas: readonly string[];
}
export interface PackedNeed {
  readonly bufferBeforeMinutes: number;
  readonly bufferAfterMinutes: number;
  readonly resources: readonly { readonly id: string; readonly busy: readonly TimeRange[] }[];
}
/** One offering on one date: its starts as a search finds them, one for one. */
export interface PackedLine {
  readonly offering: Pick<Offering, 'provider' | 'site' | 'durationMinutes' | 'bufferBeforeMinutes' | 'bufferAfterMinutes' | 'visitType'>;
  readonly starts: readonly Instant[];
  readonly needs: readonly PackedNeed[];
  readonly session: (during: TimeRange) => SessionDecision;
  /** The quotas that the start would count in, for the partner that the agreement lets in first; null: it opens it to nobody. */
  readonly share: (start: Instant, used: (quota: string) => number) => readonly string[] | null;
}

/**
 * The visits that partners could have on a date, one beside the other: day filled from its first start on, the longer of two visits first, each put where the provider (with buffers), a room or device of each further
 * kind, the limit of the session and the quotas of the rules still let it be. So what is counted as offered is what could really be booked: one device for two providers, a quota of four and the pieces between
 * two visits that are too short count as what they are. `kept` are there already, `elsewhere` what other dates have of the quotas. It is one way to fill the day, and not always the fullest.
 */
export function pack(lines: readonly PackedLine[], kept: readonly OpenVisit[] = [], elsewhere: ReadonlyMap<string, number> = new Map()): OpenVisit[] {
  const packed: OpenVisit[] = [];
  const quotaUse = new Map(elsewhere);
  const count = (uses: Map<string, number>, key: string): void => void uses.set(key, (uses.get(key) ?? 0) + 1);
  for (const quota of kept.flatMap(({ quotas }) => quotas)) count(quotaUse, quota);
  const limitUse = new Map<string, number>();
  const taken = new Map<string, TimeRange[]>();
  const isFree = (id: string, range: TimeRange): boolean => !(taken.get(id) ?? []).some((other) => overlaps(other, range));
  const take = (id: string, range: TimeRange): void => void taken.set(id, [...(taken.get(id) ?? []), range]);
  for (const visit of kept) take(visit.provider, visit);
  for (const { line, start } of inOrder(lines)) {
    const { offering } = line;
    const end = plusMinutes(start, offering.durationMinutes);
    const around = { start: plusMinutes(start, -offering.bufferBeforeMinutes), end: plusMinutes(end, offering.bufferAfterMinutes) };
    if (!isFree(offering.provider, around)) continue;
    const session = line.session({ start, end });
    if (!session.allowed || (session.limit && (limitUse.get(`${session.limit.key} ${offering.provider}`) ?? 0) >= session.limit.most)) continue;
    const quotas = line.share(start, (quota) => quotaUse.get(quota) ?? 0);
    if (quotas === null) continue;
    const rangeFor = (need: PackedNeed): TimeRange => ({ start: plusMinutes(start, -need.bufferBeforeMinutes), end: plusMinutes(end, need.bufferAfterMinutes) });
    const equipment = assign(line.needs.map((need) => need.resources.filter(({ id, busy }) => isFree(id, rangeFor(need)) && !busy.some((other) => overlaps(other, rangeFor(need)))).map(({ id }) => id)));
    if (equipment === null) continue;
    for (const quota of quotas) count(quotaUse, quota);
    if (session.limit) count(limitUse, `${session.limit.key} ${offering.provider}`);
    take(offering.provider, around);
    equipment.forEach((id, i) => take(id, rangeFor(line.needs[i]!)));
    packed.push({ provider: offering.provider, site: offering.site, start, end, quotas });
  }
  return packed;
}

function inOrder(lines: readonly PackedLine[]): { readonly line: PackedLine; readonly start: Instant }[] {
  const order = [...lines].sort((a, b) => b.offering.durationMinutes - a.offering.durationMinutes || compare(a.offering.provider, b.offering.provider) || compare(a.offering.site, b.offering.site) || compare(a.offering.visitType, b.offering.visitType));
  return order.flatMap((line) => line.starts.map((start) => ({ line, start }))).sort((a, b) => a.start - b.start);
}
const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

export const minutesOpen = (visits: readonly TimeRange[]): SlotMinutes => slotMinutes(visits.reduce((sum, { start, end }) => sum + Math.round((end - start) / MINUTE), 0));
