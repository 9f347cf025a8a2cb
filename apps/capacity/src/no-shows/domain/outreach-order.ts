import type { Instant } from '@slotmesh/kernel';
import type { OutreachScore } from './no-show-model';

/** Off is where it begins and where a practice, or an alarm, can bring it back at any time. */
export type ScoreSwitch = 'on' | 'off';
/** A wish for the score is followed only while it is useful and nothing has drifted. */
export const scoringInForce = (wanted: ScoreSwitch, useful: boolean, alarm: boolean): ScoreSwitch => (wanted === 'on' && useful && !alarm ? 'on' : 'off');

export interface ToReach {
  readonly id: string;
  readonly start: Instant;
  /** Null where there is no model, or nothing is known. */
  readonly score: OutreachScore | null;
}

/** Whom to reach first, by id: by score where it is switched on, otherwise, and among equals, by the start of the visit. Only the order leaves. */
export function outreachOrder(visits: readonly ToReach[], scoring: ScoreSwitch): string[] {
  const scoreOf = (visit: ToReach): number => (scoring === 'on' ? (visit.score ?? 0) : 0);
  return [...visits].sort((a, b) => scoreOf(b) - scoreOf(a) || a.start - b.start || (a.id < b.id ? -1 : 1)).map(({ id }) => id);
}
