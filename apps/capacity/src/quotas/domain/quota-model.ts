import type { QuotaProblem } from './quota-problem';

/** A linear programme by rows (compressed), as HiGHS takes it: minimise cost x column, rows and columns between their bounds. */
export interface LinearModel {
  readonly numCols: number;
  readonly numRows: number;
  readonly colCost: Float64Array;
  readonly colLower: Float64Array;
  readonly colUpper: Float64Array;
  readonly rowLower: Float64Array;
  readonly rowUpper: Float64Array;
  readonly matrix: { readonly format: 'csr'; readonly numRows: number; readonly numCols: number; readonly starts: Int32Array; readonly indices: Int32Array; readonly values: Float64Array };
}

/** Stage 1 minimises the worst unmet share z. Stage 2 keeps it and minimises what is unmet and, a hundredth as much, what is lent: nobody lends what helps nobody. */
export interface QuotaModel extends LinearModel {
  /** Column of z. */
  readonly worst: number;
  readonly secondCost: Float64Array;
  /** Column of a move, by its number; -1: nobody lends to itself. */
  readonly columnOf: Int32Array;
}

const LENT_COST = 0.01;

/**
 * The weekly quota programme. x: slots that i lends j of a kind; u: slots of a cell that stay unmet; z.
 * - quota:       sum over j of x(i,j,k) <= lendable(i,k)
 * - need:        u(i,k) + received(i,k) - given(i,k) >= demand(i,k) - capacity(i,k)
 * - worst share: demand(i,k) z - u(i,k) >= 0
 * - reciprocity: |given(i) - received(i)| <= band(i), in minutes
 * - most lent:   given(i) <= limit(i), where there is one
 * - no loss:     the sum of u is at most what is unmet without sharing; z alone would buy a small share with many slots
 */
export function modelOf(problem: QuotaProblem): QuotaModel {
  const { kinds, demand, capacity, lendable, minutes } = problem;
  const n = problem.practices.length;
  const cells = n * kinds;
  const columnOf = new Int32Array(n * n * kinds).fill(-1);
  let moves = 0;
  for (let move = 0; move < columnOf.length; move++) if (lenderOf(move, n, kinds) !== borrowerOf(move, n, kinds)) columnOf[move] = moves++;
  const column = (i: number, j: number, kind: number): number => columnOf[(i * n + j) * kinds + kind]!;
  const [unmetOf, worst] = [(cell: number): number => moves + cell, moves + cells];
  const numCols = worst + 1;
  const rows = new Rows();
  const others = (i: number): number[] => Array.from({ length: n }, (_, j) => j).filter((j) => j !== i);
  for (let cell = 0; cell < cells; cell++) {
    const [i, kind] = [Math.floor(cell / kinds), cell % kinds];
    const given = others(i).map((j) => column(i, j, kind));
    const received = others(i).map((j) => column(j, i, kind));
    rows.add(-Infinity, lendable[cell]!, given, given.map(() => 1));
    rows.add(demand[cell]! - capacity[cell]!, Infinity, [unmetOf(cell), ...received, ...given], [1, ...received.map(() => 1), ...given.map(() => -1)]);
    rows.add(0, Infinity, [unmetOf(cell), worst], [-1, demand[cell]!]);
  }
  for (let i = 0; i < n; i++) {
    const given: number[] = [], givenMinutes: number[] = [], received: number[] = [], receivedMinutes: number[] = [];
    for (const j of others(i)) {
      for (let kind = 0; kind < kinds; kind++) {
        given.push(column(i, j, kind));
        givenMinutes.push(minutes[i * kinds + kind]!);
        received.push(column(j, i, kind));
        receivedMinutes.push(-minutes[j * kinds + kind]!);
      }
    }
    rows.add(-problem.reciprocity[i]!, problem.reciprocity[i]!, [...given, ...received], [...givenMinutes, ...receivedMinutes]);
    if (problem.mostLent[i]! < Infinity) rows.add(-Infinity, problem.mostLent[i]!, given, givenMinutes);
  }
  const all = Array.from({ length: cells }, (_, cell) => unmetOf(cell));
  rows.add(-Infinity, problem.unmet, all, all.map(() => 1));
  const colUpper = new Float64Array(numCols).fill(Infinity);
  for (let cell = 0; cell < cells; cell++) colUpper[unmetOf(cell)] = problem.mostUnmet[cell]! < 0 ? 0 : problem.mostUnmet[cell]!;
  const [colCost, secondCost] = [new Float64Array(numCols), new Float64Array(numCols)];
  colCost[worst] = 1;
  secondCost.fill(LENT_COST, 0, moves).fill(1, moves, worst);
  return { numCols, colCost, secondCost, colLower: new Float64Array(numCols), colUpper, worst, columnOf, ...rows.compressed(numCols) };
}

export const lenderOf = (move: number, n: number, kinds: number): number => Math.floor(move / (n * kinds));
export const borrowerOf = (move: number, n: number, kinds: number): number => Math.floor(move / kinds) % n;

class Rows {
  private readonly lower: number[] = [];
  private readonly upper: number[] = [];
  private readonly starts: number[] = [0];
  private readonly indices: number[] = [];
  private readonly values: number[] = [];

  add(lower: number, upper: number, columns: readonly number[], values: readonly number[]): void {
    this.lower.push(lower);
    this.upper.push(upper);
    columns.forEach((column, at) => {
      if (values[at] === 0) return;
      this.indices.push(column);
      this.values.push(values[at]!);
    });
    this.starts.push(this.indices.length);
  }

  compressed(numCols: number): Pick<LinearModel, 'numRows' | 'rowLower' | 'rowUpper' | 'matrix'> {
    const numRows = this.lower.length;
    return {
      numRows, rowLower: Float64Array.from(this.lower), rowUpper: Float64Array.from(this.upper),
      matrix: { format: 'csr', numRows, numCols, starts: Int32Array.from(this.starts), indices: Int32Array.from(this.indices), values: Float64Array.from(this.values) },
    };
  }
}
