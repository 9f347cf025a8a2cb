import type { TimeRange, VisitTypeId, Zone } from '@slotmesh/kernel';
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
export type SessionHours = RuledHours & { readonly overbook: OverbookRule | null };

/** How many visits of the type may take place beside the ordinary one: what the block says in which all of the visit lies. Hours of a single date carry no rule, so there it is none. */
export function overbookLanes(schedule: Omit<Schedule, 'hours'> & { readonly hours: readonly SessionHours[] }, visit: TimeRange & { readonly visitType: VisitTypeId }, zone: Zone): number {
  const exceptions = schedule.exceptions.flatMap(({ date, mode }) => (mode === 'instead' ? [{ date, mode, hours: [] }] : []));
  const lanes = schedule.hours.flatMap((block) => {
    if (block.overbook === null || !(block.overbook.visitTypes?.includes(visit.visitType) ?? true)) return [];
    return openRanges({ hours: [block], exceptions, closures: schedule.closures }, visit, zone).some((piece) => contains(piece, visit)) ? [block.overbook.lanes] : [];
  });
  return Math.max(0, ...lanes);
}
