import type { Topic } from '@slotmesh/contracts';

/** The written definition of a measure; a change of any word is a new version (P18). */
export interface MeasureDefinition {
  readonly id: string;
  readonly version: number;
  readonly title: string;
  readonly numerator: string;
  readonly denominator: string;
  readonly exclusions: readonly string[];
  readonly clock: string;
  readonly hiding: string;
}
export interface Measure {
  readonly definition: MeasureDefinition;
  /** Topics that its numbers are made from. */
  readonly sources: readonly Topic[];
}

/** Counts under this are hidden across practices; the database functions apply it. */
export const SMALLEST_SHOWN = 11;
