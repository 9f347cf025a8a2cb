import type { Instant } from '@slotmesh/kernel';
import type { StatementInputs, StatementResult } from '../domain/statement';

/** What the documents of a statement are drawn from, and nothing else: the same content gives the same bytes, today and in ten years. Who approved it since is in the statement's JSON. */
export interface StatementContent {
  readonly id: string;
  readonly madeAt: Instant;
  readonly inputs: StatementInputs;
  readonly inputsHash: string;
  readonly result: StatementResult;
}
