import type { Instant } from '@slotmesh/kernel';
import type { OutreachScore } from './no-show-model';

/** Off is where it begins and where a practice, or an alarm, can bring it back at any time. */
export type ScoreSwitch = 'on' | 'off';
/** A wish for the score is followed only while it is useful and nothing has drifted. */
export const scoringInForce = (wanted: ScoreSwitch, useful: boolean, alarm: boolean): ScoreSwitch => (wanted === 'on' && useful && !alarm ? 'on' : 'off');

/** Whether the score orders outreach, and in words why not. */
export function scoringNow(wanted: boolean, model: { readonly useful: boolean } | null, alarm: boolean): { readonly scoring: ScoreSwitch; readonly why: string | null } {
  const scoring = scoringInForce(wanted ? 'on' : 'off', model?.useful ?? false, alarm);
  if (scoring === 'on') return { scoring, why: null };
  if (!wanted) return { scoring, why: 'Nobody at the practice has switched the score on.' };
  if (model === null) return { scoring, why: 'There is no model of this month: see its refusal.' };
  return { scoring, why: model.useful ? 'Visits were no longer like those on which the model was tested (drift), and nobody has looked since: set the switch anew to use it again.' : 'On later visits the model was no better than no order: see its card.' };
}

/** `first`: scored as the highest tenth of the visits on which the model was tested; no finer mark leaves. */
export type OutreachBand = 'first' | 'later';
export function bandFrom(testScores: readonly number[]): (score: OutreachScore) => OutreachBand {
  const flagged = [...testScores].sort((a, b) => b - a)[Math.max(0, Math.ceil(testScores.length / 10) - 1)] ?? Infinity;
  return (score) => (score >= flagged ? 'first' : 'later');
}

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
