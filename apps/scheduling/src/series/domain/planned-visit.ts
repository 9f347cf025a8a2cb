import type { Instant, LocalDate, OpeningId } from '@slotmesh/kernel';
import type { Answers } from '../../policies/domain/questions';
import { DateNotInSeries } from './series.errors';

/** A visit that a series is to have. `date` is the one that the series plans, also where another opening replaces it. */
export interface PlannedVisit {
  readonly date: LocalDate;
  readonly start: Instant;
  readonly opening: OpeningId;
  /** To the questions of its visit type, where they are not those of the series. */
  readonly answers?: Answers | undefined;
}
export interface Replacement {
  readonly opening: OpeningId;
  readonly answers?: Answers | undefined;
}
export interface Exceptions {
  /** Another opening for a planned date. */
  readonly replacements: ReadonlyMap<LocalDate, Replacement>;
  /** Planned dates that are left out. */
  readonly without: readonly LocalDate[];
}

/** Throws DateNotInSeries where an exception names a date that is not planned. */
export function requirePlanned(planned: ReadonlySet<LocalDate>, { replacements, without }: Exceptions): void {
  for (const date of [...replacements.keys(), ...without]) if (!planned.has(date)) throw new DateNotInSeries(date);
}
