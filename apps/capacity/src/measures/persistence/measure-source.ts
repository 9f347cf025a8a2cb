import type { Tx } from '@slotmesh/persistence';
import type { Measure } from '../domain/measure';

/** Where the numbers of one measure and the rows behind them are read. */
export interface MeasureSource<Period, Cell extends object, Key extends object, Count extends string> {
  readonly measure: Measure;
  /** What a row behind a count is, as its answer names it. */
  rowName(counted: Count): string;
  /** `network`: for an operator, who belongs to no practice. Small counts of others are hidden by the database itself. */
  cells(tx: Tx, period: Period, network: boolean): Promise<readonly Cell[]>;
  /** Practices that took part in a number, and may open it. */
  parties(key: Key): readonly string[];
  /** Ids of the rows behind a number; row-level security leaves only those of the caller's own practice. */
  rows(tx: Tx, key: Key, counted: Count, after: string | null, limit: number): Promise<string[]>;
}
