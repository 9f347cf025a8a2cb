import { type LocalDate, formatInstant } from '@slotmesh/kernel';
import type { Refusal } from '../appointments/commands/refusals';
import type { OpeningView } from '../openings/opening.view';
import type { PlannedVisit } from './domain/planned-visit';

/** A date on which a visit of a series cannot be, why, and what is free near it. */
export interface ClashView {
  readonly date: LocalDate;
  readonly start: string;
  readonly zone: string;
  readonly reason: string;
  readonly message: string;
  readonly alternatives: readonly OpeningView[];
}
export interface Clash {
  readonly visit: PlannedVisit;
  readonly refusal: Refusal;
}

const GONE = { taken: 'The time is taken.', 'not-open': 'The time is closed, too near, too far ahead, or not shared at present.', 'quota-used': 'What the agreement shares on that date is used up.', 'session-limit': 'No more visits of this type fit into that session.' } as const;

/** Why a visit of several does not fit, for who asked for them. */
export function reasonOf(refusal: Refusal): { readonly reason: string; readonly message: string } {
  return 'gone' in refusal ? { reason: refusal.why, message: GONE[refusal.why] } : refusal.error.code === 'opening-never-bookable' ? { reason: 'no-hours-then', message: 'No visit begins then.' } : { reason: refusal.error.code, message: refusal.error.message };
}

export function viewOfClash({ visit, refusal }: Clash, zone: string, alternatives: readonly OpeningView[]): ClashView {
  return { date: visit.date, start: formatInstant(visit.start), zone, ...reasonOf(refusal), alternatives };
}
