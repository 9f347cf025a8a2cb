const count = (from: number, many: number): number[] => Array.from({ length: many }, (_, lane) => from + lane);

/** Lanes of a provider. One resource has a lane once at one time (P1). The ordinary calendar is lane 0, and all that searches look at. */
export const ORDINARY_LANE = 0;
/** The ordinary lane, or one beside it as far as the hours let the host overbook. */
export const ordinaryLanes = (beside: number): number[] => count(ORDINARY_LANE, 1 + beside);
const FIRST_URGENT = 20;
const MOST_URGENT = 5;
export const urgentLanes: readonly number[] = count(FIRST_URGENT, MOST_URGENT);
const FIRST_WALK_IN = 40;
export const walkInLanes = (many: number): number[] => count(FIRST_WALK_IN, many);
/** From here on: one seat each of a group session, which itself is in the ordinary calendar. */
export const FIRST_SEAT = 100;

/** What a visit in a lane is beside the ordinary calendar; null: it is in it. */
export function besideOf(lane: number): 'overbooked' | 'urgent' | 'walk-in' | null {
  if (lane === ORDINARY_LANE || lane >= FIRST_SEAT) return null;
  return lane >= FIRST_WALK_IN ? 'walk-in' : lane >= FIRST_URGENT ? 'urgent' : 'overbooked';
}
