import type { Instant, PracticeId } from '@slotmesh/kernel';
import { kilometresShown } from '../../openings/domain/ranking';

/**
 * All that may decide the place of a practice among a patient's options. Fees, quotas, who referred how often and whose turn it would be are not here, so
 * that no order can be made of them (facts/governance.md: ReferralIntegrity).
 */
export interface Choosable {
  readonly practice: PracticeId;
  readonly name: string;
  /** Null: no time that can be booked now. */
  readonly soonest: Instant | null;
  /** From where the patient is; null where that was not asked, or the place is not known. */
  readonly kilometres: number | null;
}

const orLast = (value: number | null): number => value ?? Number.POSITIVE_INFINITY;
const compare = <T extends number | string>(a: T, b: T): number => (a < b ? -1 : a > b ? 1 : 0);

/** Soonest start first, then the nearest, then by name; a total order, so that every desk shows a patient the same. */
export const inOrderOfChoice = <T extends Choosable>(options: readonly T[]): T[] =>
  [...options].sort((a, b) => compare(orLast(a.soonest), orLast(b.soonest)) || compare(distance(a), distance(b)) || compare(a.name, b.name) || compare(a.practice, b.practice));

// Why rounded: as in the search, a few steps between two doors decide nothing.
const distance = ({ kilometres }: Choosable): number => (kilometres === null ? Number.POSITIVE_INFINITY : kilometresShown(kilometres));
