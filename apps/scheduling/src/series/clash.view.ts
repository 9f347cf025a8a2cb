import { type LocalDate, formatInstant } from '@slotmesh/kernel';
import { type Refusal, reasonOf } from '../appointments/commands/refusals';
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

export function viewOfClash({ visit, refusal }: Clash, zone: string, alternatives: readonly OpeningView[]): ClashView {
  return { date: visit.date, start: formatInstant(visit.start), zone, ...reasonOf(refusal), alternatives };
}
