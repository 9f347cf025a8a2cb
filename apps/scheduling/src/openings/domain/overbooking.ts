import type { Instant, TimeRange, VisitTypeId, Zone } from '@slotmesh/kernel';
import { contains } from '@slotmesh/kernel';
import { type Schedule, openRanges } from '../../availability/domain/working-hours';
import type { RuledHours } from './session-rules';

/** What a block of hours lets the host's own desk do beyond one visit at a time. */
export interface OverbookRule {
  /** How many more visits at one time. */
  readonly lanes: number;
  /** Null: of every type. */
  readonly visitTypes: readonly VisitTypeId[] | null;
}
export type SessionHours = RuledHours & { readonly overbook: OverbookRule | null; /** How many who walk in may be seen at one time. */ readonly walkIns: number };
type Sessions = Omit<Schedule, 'hours'> & { readonly hours: readonly SessionHours[] };

/** How many visits of the type may take place beside the ordinary one: what the block says in which all of the visit lies. Hours of a single date carry no rule, so there it is none. */
export function overbookLanes(schedule: Sessions, visit: TimeRange & { readonly visitType: VisitTypeId }, zone: Zone): number {
  return mostOf(schedule, visit, zone, ({ overbook }) => (overbook !== null && (overbook.visitTypes?.includes(visit.visitType) ?? true) ? overbook.lanes : 0));
}

/** How many who walk in may be seen at one time: what the block says in which they come; their visit may run on beyond it. */
export function walkInsAt(schedule: Sessions, at: Instant, zone: Zone): number {
  return mostOf(schedule, { start: at, end: (at + 1) as Instant }, zone, ({ walkIns }) => walkIns);
}

function mostOf(schedule: Sessions, time: TimeRange, zone: Zone, saidBy: (block: SessionHours) => number): number {
  const exceptions = schedule.exceptions.flatMap(({ date, mode }) => (mode === 'instead' ? [{ date, mode, hours: [] }] : []));
  const lanes = schedule.hours.flatMap((block) => {
    const said = saidBy(block);
    return said > 0 && openRanges({ hours: [block], exceptions, closures: schedule.closures }, time, zone).some((piece) => contains(piece, time)) ? [said] : [];
  });
  return Math.max(0, ...lanes);
}
