import { Injectable } from '@nestjs/common';
import type { Instant, TimeRange, Zone } from '@slotmesh/kernel';
import type { Sql } from '@slotmesh/persistence';
import type { Appointment } from '../appointments/domain/appointment';
import { type Gap, keepsGap } from './domain/gap';
import { ChainGapBroken } from './domain/visit-chain.errors';
import { type StepTime, VisitChainRepository } from './persistence/visit-chain.repository';

type Chained = Pick<Appointment, 'id' | 'chain'>;
type Time = TimeRange & { readonly zone: Zone };
/** When others that move with it are by step; null: not known yet. */
export type MovedAlong = ReadonlyMap<number, Time | null>;

/** Whether a visit keeps its gaps to the ones that it is linked with. */
@Injectable()
export class ChainGaps {
  constructor(private readonly chains: VisitChainRepository) {}

  /** For a visit that is about to move, under its lock. True: it is moved all the same and a gap is broken. Throws ChainGapBroken. */
  async require(sql: Sql, visit: Chained, to: Time, allowed: boolean, along: MovedAlong = new Map()): Promise<boolean> {
    const broken = (await this.of(sql, visit, true, along))(to);
    if (broken === null) return false;
    if (!allowed) throw new ChainGapBroken(broken.later, broken.gap);
    return true;
  }

  /** Whether times could be taken, as it is now: for who is shown them, or asked. */
  async keeper(sql: Sql, visit: Chained): Promise<(to: Time) => boolean> {
    const brokenBy = await this.of(sql, visit, false, new Map());
    return (to) => brokenBy(to) === null;
  }

  private async of(sql: Sql, visit: Chained, lock: boolean, along: MovedAlong): Promise<(to: Time) => { readonly later: number; readonly gap: Gap } | null> {
    const { chain: place, id } = visit;
    if (place === null) return () => null;
    const others = await this.chains.otherTimes(sql, place.id, id, lock);
    const gaps = (await this.chains.find(sql, place.id))?.gaps ?? [];
    return (to) => brokenBy(gaps, place.step, others, along, to);
  }
}

/** The first gap that does not hold, named by the later of its two visits. A step that was called off holds nothing together; what moves along says itself whether it keeps the gap before it. */
function brokenBy(gaps: readonly Gap[], step: number, others: readonly StepTime[], along: MovedAlong, to: Time): { readonly later: number; readonly gap: Gap } | null {
  const at = (other: number): Time | null | undefined => (along.has(other) ? (other < step ? along.get(other) : null) : others.find((one) => one.step === other));
  const [before, after] = [at(step - 1), at(step + 1)];
  const check = (earlier: Time, later: number, start: Instant) => {
    const gap = gaps[later - 2];
    return gap && !keepsGap(earlier, gap, start) ? { later, gap } : null;
  };
  return (before ? check(before, step, to.start) : null) ?? (after ? check(to, step + 1, after.start) : null);
}
