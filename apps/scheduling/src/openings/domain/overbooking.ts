import type { Instant, TimeRange, VisitTypeId, Zone } from '@slotmesh/kernel';
import { contains } from '@slotmesh/kernel';
import { type BlockSchedule, blocksOf } from './blocks';
import type { RuledBlock } from './session-rules';

/** What a block of hours lets the host's own desk do beyond one visit at a time. */
export interface OverbookRule {
  /** How many more visits at one time. */
  readonly lanes: number;
  /** Null: of every type. */
  readonly visitTypes: readonly VisitTypeId[] | null;
}
export type SessionBlock = RuledBlock & { readonly overbook: OverbookRule | null; /** How many who walk in may be seen at one time. */ readonly walkIns: number };
export type Sessions = BlockSchedule<SessionBlock>;

/** How many visits of the type may take place beside the ordinary one: what the block says in which all of the visit lies. */
export function overbookLanes(schedule: Sessions, visit: TimeRange & { readonly visitType: VisitTypeId }, zone: Zone): number {
  return mostOf(schedule, visit, zone, ({ overbook }) => (overbook !== null && (overbook.visitTypes?.includes(visit.visitType) ?? true) ? overbook.lanes : 0));
}

/** How many who walk in may be seen at one time: what the block says in which they come; their visit may run on beyond it. */
export function walkInsAt(schedule: Sessions, at: Instant, zone: Zone): number {
  return mostOf(schedule, { start: at, end: (at + 1) as Instant }, zone, ({ walkIns }) => walkIns);
}

function mostOf(schedule: Sessions, time: TimeRange, zone: Zone, saidBy: (block: SessionBlock) => number): number {
  const blocks = blocksOf(schedule, zone, (block) => saidBy(block) > 0).filter(({ open }) => open(time).some((piece) => contains(piece, time)));
  return Math.max(0, ...blocks.map(({ block }) => saidBy(block)));
}
