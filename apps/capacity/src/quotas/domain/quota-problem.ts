import type { PracticeId, ServiceCode } from '@slotmesh/kernel';
import type { QuotaInputs } from './quota-inputs';

/** Rounding errors of shares, such as 0.29 x 100. */
const TINY = 1e-9;

/**
 * The inputs by number. A *kind* is a service in a week (`service * weeks + week`), a *cell* a kind in a practice (`practice * kinds + kind`), a *move* a slot
 * of a kind that one practice lends another (`(lender * n + borrower) * kinds + kind`).
 */
export interface QuotaProblem {
  readonly practices: readonly PracticeId[];
  readonly services: readonly ServiceCode[];
  readonly weeks: number;
  readonly kinds: number;
  /** By cell. */
  readonly capacity: Int32Array;
  readonly demand: Int32Array;
  readonly minutes: Int32Array;
  /** Slots that may be lent, not rounded. */
  readonly lendable: Float64Array;
  /** How much of its demand a lender may leave unmet at most, not rounded. */
  readonly mostUnmet: Float64Array;
  /** By practice, in minutes. */
  readonly reciprocity: Float64Array;
  readonly mostLent: Float64Array;
  /** Without any sharing: slots unmet in all, and the worst share of a cell's demand. */
  readonly unmet: number;
  readonly worstUnmetShare: number;
}

export function problemOf(inputs: QuotaInputs): QuotaProblem {
  const services = [...new Set(inputs.practices.flatMap((practice) => practice.services.map(({ service }) => service)))].sort();
  const { weeks } = inputs;
  const kinds = services.length * weeks;
  const cells = inputs.practices.length * kinds;
  const [capacity, demand, minutes, lendable, mostUnmet] = [new Int32Array(cells), new Int32Array(cells), new Int32Array(cells), new Float64Array(cells), new Float64Array(cells)];
  inputs.practices.forEach((practice, i) => practice.services.forEach((one) => {
    for (let week = 0; week < weeks; week++) {
      const cell = i * kinds + services.indexOf(one.service) * weeks + week;
      capacity[cell] = one.capacity[week]!;
      demand[cell] = one.demand[week]!;
      minutes[cell] = one.minutes;
      lendable[cell] = one.lendableShare * one.capacity[week]!;
    }
  }));
  let [unmet, worst] = [0, 0];
  demand.forEach((wanted, cell) => {
    const alone = Math.max(0, wanted - capacity[cell]!);
    unmet += alone;
    worst = Math.max(worst, shareOf(alone, wanted));
  });
  demand.forEach((wanted, cell) => { mostUnmet[cell] = Math.max(wanted - capacity[cell]!, Math.min(inputs.mostOwnUnmetShare ?? 1, worst) * wanted); });
  return {
    practices: inputs.practices.map(({ practice }) => practice), services, weeks, kinds, capacity, demand, minutes, lendable, mostUnmet, unmet, worstUnmetShare: worst,
    reciprocity: Float64Array.from(inputs.practices, ({ reciprocityHours }) => reciprocityHours * 60),
    mostLent: Float64Array.from(inputs.practices, ({ mostLentHours }) => (mostLentHours ?? Infinity) * 60),
  };
}

export const shareOf = (unmet: number, demand: number): number => (unmet <= 0 ? 0 : unmet / demand);
export const wholeOf = (slots: number): number => Math.floor(slots + TINY);
