import { type Instant, type LocalDate, type ServiceCode, type TimeRange, type VisitTypeId, type Zone, HOUR, localDateOf, overlaps } from '@slotmesh/kernel';
import type { WallHours } from '../../availability/domain/working-hours';
import { type Block, type BlockSchedule, blocksOf } from './blocks';

/** Whom a block of hours is kept for. `releaseHours` of real time before the block begins it is open to everything; null: never. */
export interface KeptFor {
  readonly visitTypes: readonly VisitTypeId[];
  readonly services: readonly ServiceCode[];
  readonly releaseHours: number | null;
}
/** How many visits of a type may begin in one occurrence of the block. */
export interface VisitLimit {
  readonly visitType: VisitTypeId;
  readonly most: number;
  readonly releaseHours: number | null;
}
/** Of the hours of every week or of a single date. */
export interface RuledBlock {
  /** Of the hours or of the date that the block is a part of. */
  readonly id: string;
  /** Of the block alone. */
  readonly key: string;
  readonly of: 'week' | 'date';
  readonly keptFor: KeptFor | null;
  readonly limits: readonly VisitLimit[];
}

/** A limit that a visit comes under: `key` names the occurrence of the block and the visit type. */
export interface SessionLimit extends TimeRange {
  readonly key: string;
  readonly visitType: VisitTypeId;
  readonly most: number;
  /** Pieces of it in which visits come under the limit of another block, which begins later. */
  readonly without: readonly TimeRange[];
}
export interface RuledVisit extends TimeRange {
  readonly visitType: VisitTypeId;
  readonly service: ServiceCode;
}
export type SessionDecision =
  | { readonly allowed: true; readonly limit: SessionLimit | null }
  | { readonly allowed: false; readonly code: 'kept-for'; readonly releasedAt: Instant | null };

/** One occurrence of a block that carries rules. */
export interface RuledSession extends TimeRange {
  readonly block: RuledBlock;
  readonly date: LocalDate;
}

/** What names a block of the hours of every week, and one of a date with other hours, which has each range once. */
export const weekBlock = (hours: string) => ({ id: hours, key: hours, of: 'week' as const });
export const dateBlock = (exception: string, { from, to }: WallHours) => ({ id: exception, key: `${exception}/${from}-${to}`, of: 'date' as const });

const FREE: SessionDecision = { allowed: true, limit: null };

/** The rules that blocks of hours of one provider at one site carry. Hours of a single date carry their own and take the place of the usual ones. */
export class SessionRules {
  private constructor(private readonly blocks: readonly Block<RuledBlock>[], private readonly zone: Zone) {}

  /** Null where no block carries a rule. */
  static of(schedule: BlockSchedule<RuledBlock>, zone: Zone): SessionRules | null {
    // Why without closures: a session that is shut for an hour is one session still, and begins when it begins.
    const blocks = blocksOf({ ...schedule, closures: [] }, zone, ({ keptFor, limits }) => keptFor !== null || limits.length > 0);
    return blocks.length === 0 ? null : new SessionRules(blocks, zone);
  }

  /** Occurrences that meet a range, by start. */
  sessions(range: TimeRange): RuledSession[] {
    return this.blocks.flatMap(({ block, open }) => open(range).filter((piece) => overlaps(piece, range)).map(({ start, end }) => ({ start, end, block, date: localDateOf(start, this.zone) }))).sort(inOrder);
  }

  /**
   * The one decision of search, hold, booking and move: a visit that touches a kept block is one of those that it is kept for, or the block is released; and it comes under the limit of the block
   * in which it begins, where several lie there of the one that begins last. Whether the limit is used up is seen by who takes the time.
   */
  decide(visit: RuledVisit, now: Instant): SessionDecision {
    const met = this.sessions(visit);
    for (const session of met) {
      const { keptFor } = session.block;
      if (keptFor === null || keptFor.visitTypes.includes(visit.visitType) || keptFor.services.includes(visit.service)) continue;
      const releasedAt = releaseOf(session, keptFor.releaseHours);
      if (releasedAt === null || now < releasedAt) return { allowed: false, code: 'kept-for', releasedAt };
    }
    for (const session of met.reverse()) {
      if (visit.start < session.start) continue;
      const limit = session.block.limits.find(({ visitType }) => visitType === visit.visitType);
      if (!limit) continue;
      if (isReleased(session, limit, now)) continue;
      return { allowed: true, limit: this.limitOf(session, limit, now) };
    }
    return FREE;
  }

  /** What one occurrence lets in, and where in it other blocks have a limit of their own: a visit counts in one only. */
  limitOf(session: RuledSession, { visitType, most }: VisitLimit, now: Instant): SessionLimit {
    const without = this.sessions(session).filter((other) => inOrder(session, other) < 0 && other.block.limits.some((limit) => limit.visitType === visitType && !isReleased(other, limit, now)));
    return { key: `${session.block.key} ${session.date} ${visitType}`, visitType, most, start: session.start, end: session.end, without: without.map(({ start, end }) => ({ start, end })) };
  }

  /** Whether a visit type comes under any limit here at all. */
  limits(visitType: VisitTypeId): boolean {
    return this.blocks.some(({ block }) => block.limits.some((limit) => limit.visitType === visitType));
  }
}

const inOrder = (a: RuledSession, b: RuledSession): number => a.start - b.start || (a.block.key < b.block.key ? -1 : a.block.key > b.block.key ? 1 : 0);
const isReleased = (session: TimeRange, { releaseHours }: VisitLimit, now: Instant): boolean => {
  const releasedAt = releaseOf(session, releaseHours);
  return releasedAt !== null && now >= releasedAt;
};
/** Whether a visit of its type that begins then counts in the limit. */
export const countsIn = ({ start, end, without }: SessionLimit, begins: Instant): boolean => begins >= start && begins < end && !without.some((piece) => begins >= piece.start && begins < piece.end);
const releaseOf = ({ start }: TimeRange, hours: number | null): Instant | null => (hours === null ? null : ((start - hours * HOUR) as Instant));
