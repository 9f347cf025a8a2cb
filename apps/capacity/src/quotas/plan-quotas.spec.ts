import { parseLocalDate } from '@slotmesh/kernel';
import { practiceId, serviceCode } from '@slotmesh/contracts';
import * as fc from 'fast-check';
import type { Highs } from 'highs';
import { planQuotas } from './domain/plan-quotas';
import type { QuotaInputs, ServiceInputs } from './domain/quota-inputs';
import { modelOf, type QuotaModel } from './domain/quota-model';
import { problemOf } from './domain/quota-problem';
import type { Lend, QuotaSolution } from './domain/quota-solution';
import { sampleQuotas } from './domain/sample-quotas';
import { wholeSlotsOf } from './domain/whole-slots';
import { highs, solveByHighs } from './solve-by-highs';

const firstWeek = parseLocalDate('2026-12-07');
type Cell = Partial<Omit<ServiceInputs, 'service'>>;
const partnership = (services: readonly (readonly Cell[])[], over: { readonly band?: number; readonly mostLent?: readonly (number | null)[]; readonly mostOwnUnmetShare?: number | null } = {}): QuotaInputs => ({
  version: 1, firstWeek, weeks: services[0]?.[0]?.capacity?.length ?? 1, demandQuantile: 0.8, mostOwnUnmetShare: over.mostOwnUnmetShare ?? null,
  practices: services.map((own, i) => ({
    practice: practiceId.parse(`p${i}`), reciprocityHours: over.band ?? 1000, mostLentHours: over.mostLent?.[i] ?? null,
    services: own.map((cell, k) => ({ service: serviceCode.parse(`s${k}`), minutes: 60, lendableShare: 1, capacity: [0], demand: [0], ...cell })),
  })),
});
const slots = ({ lends }: QuotaSolution): string[] => lends.map(({ lender, borrower, service, week, slots: n }) => `${lender} ${borrower} ${service} ${week}: ${n}`);

/** Every limit, looked at anew from the inputs and what is lent alone. */
function breachesOf(inputs: QuotaInputs, lends: readonly Lend[]): string[] {
  const faults: string[] = [];
  const sum = (of: (lend: Lend) => boolean, value: (lend: Lend) => number): number => lends.filter(of).reduce((all, one) => all + value(one), 0);
  const serviceOf = (practice: string, code: string) => inputs.practices.find((one) => one.practice === practice)!.services.find(({ service }) => service === code)!;
  const hours = ({ lender, service, slots: n }: Lend): number => (serviceOf(lender, service).minutes * n) / 60;
  let [unmet, unmetAlone, worst, worstAlone] = [0, 0, 0, 0];
  for (const { practice, services } of inputs.practices) {
    for (const { capacity, demand } of services) capacity.forEach((c, w) => { if (demand[w]! > c) worstAlone = Math.max(worstAlone, (demand[w]! - c) / demand[w]!); });
    const given = sum(({ lender }) => lender === practice, hours);
    const received = sum(({ borrower }) => borrower === practice, hours);
    const { reciprocityHours, mostLentHours } = inputs.practices.find((one) => one.practice === practice)!;
    if (Math.abs(given - received) > reciprocityHours + 1e-9) faults.push(`${practice} gives ${given} and receives ${received}`);
    if (given > (mostLentHours ?? Infinity) + 1e-9) faults.push(`${practice} lends ${given}`);
    for (const { service, capacity, demand, lendableShare } of services) {
      for (let week = 0; week < inputs.weeks; week++) {
        const out = sum((lend) => lend.lender === practice && lend.service === service && lend.week === week, (lend) => lend.slots);
        const into = sum((lend) => lend.borrower === practice && lend.service === service && lend.week === week, (lend) => lend.slots);
        const [wanted, has] = [demand[week]!, capacity[week]!];
        const left = Math.max(0, wanted - has + out - into);
        if (out > lendableShare * has + 1e-6) faults.push(`${practice} lends ${out} of ${has} ${service}`);
        if (left > 0 && wanted === 0) faults.push(`${practice} lends ${service} that it does not have`);
        if (out > 0 && inputs.mostOwnUnmetShare !== null && left > Math.max(wanted - has, inputs.mostOwnUnmetShare * wanted + 1e-6)) faults.push(`${practice} leaves ${left} of its own ${wanted} ${service}`);
        unmet += left;
        unmetAlone += Math.max(0, wanted - has);
        if (wanted > 0) worst = Math.max(worst, left / wanted);
      }
    }
  }
  if (lends.some(({ lender, borrower, slots: n }) => lender === borrower || n < 1 || !Number.isInteger(n))) faults.push('not whole slots of another practice');
  if (unmet > unmetAlone) faults.push(`${unmet} unmet, ${unmetAlone} without sharing`);
  if (worst > worstAlone + 1e-9) faults.push(`worst share ${worst}, ${worstAlone} without sharing`);
  return faults;
}

const service = (weeks: number) => fc.record({
  minutes: fc.constantFrom(15, 20, 30, 45, 60), lendableShare: fc.constantFrom(0, 0.1, 0.29, 0.5, 1),
  capacity: fc.array(fc.integer({ min: 0, max: 30 }), { minLength: weeks, maxLength: weeks }), demand: fc.array(fc.integer({ min: 0, max: 40 }), { minLength: weeks, maxLength: weeks }),
});
const anyPartnership = fc.tuple(fc.integer({ min: 2, max: 5 }), fc.integer({ min: 1, max: 3 }), fc.integer({ min: 1, max: 3 })).chain(([n, m, weeks]) => fc.record({
  services: fc.array(fc.array(service(weeks), { minLength: m, maxLength: m }), { minLength: n, maxLength: n }), band: fc.constantFrom(0, 0.5, 2, 8, 1000),
  mostLent: fc.array(fc.constantFrom(null, 0, 1.25, 6), { minLength: n, maxLength: n }), mostOwnUnmetShare: fc.constantFrom(null, 0, 0.1, 0.5),
})).map(({ services, ...over }) => partnership(services, over));

describe('weekly quotas', () => {
  let solver: Highs;
  beforeAll(async () => { solver = await highs(); });
  const plan = (inputs: QuotaInputs): QuotaSolution => planQuotas(inputs, (model) => solveByHighs(solver, model, 60));
  const greedily = (inputs: QuotaInputs): QuotaSolution => planQuotas(inputs, () => ({ failed: 'time-limit' }));

  it('lends what one practice lacks and another has to spare, and no slot more', () => {
    const solution = plan(partnership([[{ capacity: [10], demand: [14] }], [{ capacity: [20], demand: [10], lendableShare: 0.5 }]]));
    expect(slots(solution)).toEqual(['p1 p0 s0 0: 4']);
    expect(solution).toMatchObject({ method: 'linear-programme', without: { unmet: 4, worstUnmetShare: 4 / 14 }, with: { unmet: 0, worstUnmetShare: 0 }, practices: [{ givenHours: 0, receivedHours: 4, unmetWithout: 4, unmetWith: 0 }, { givenHours: 4, receivedHours: 0 }] });
  });

  it('evens a lack out where nobody has time to spare: by hand the least worst share is a quarter, in whole slots three tenths', () => {
    const solution = plan(partnership([[{ capacity: [5], demand: [10] }], [{ capacity: [10], demand: [10] }]]));
    expect(solution.leastWorstUnmetShare).toBeCloseTo(0.25, 6);
    expect(solution.with).toEqual({ worstUnmetShare: 0.3, unmet: 5 });
  });

  it('gives no more than comes back where the band is zero: four hours of s1 against eight halves of s0', () => {
    const own = (capacity: number, demand: number, minutes: number): Cell => ({ capacity: [capacity], demand: [demand], minutes });
    const solution = plan(partnership([[own(30, 10, 30), own(6, 10, 60)], [own(10, 20, 30), { ...own(20, 10, 60), lendableShare: 0.2 }]], { band: 0 }));
    expect(slots(solution)).toEqual(['p0 p1 s0 0: 8', 'p1 p0 s1 0: 4']);
    expect(greedily(partnership([[own(30, 10, 60), own(6, 10, 60)], [own(10, 20, 60), own(20, 10, 60)]], { band: 0 })).practices.map(({ givenHours }) => givenHours)).toEqual([4, 4]);
  });

  it('lending never goes beyond the share, the hours and the own lack that a practice allows', () => {
    const needy: Cell[] = [{ capacity: [0], demand: [40] }];
    expect(slots(plan(partnership([needy, [{ capacity: [29], demand: [0], lendableShare: 0.29 }]])))).toEqual(['p1 p0 s0 0: 8']);
    expect(slots(plan(partnership([needy, [{ capacity: [29], demand: [0] }]], { mostLent: [null, 5.5] })))).toEqual(['p1 p0 s0 0: 5']);
    expect(slots(plan(partnership([needy, [{ capacity: [20], demand: [20] }]], { mostOwnUnmetShare: 0.1 })))).toEqual(['p1 p0 s0 0: 2']);
    expect(slots(plan(partnership([needy, [{ capacity: [20], demand: [20] }]], { mostOwnUnmetShare: 0 })))).toEqual([]);
  });

  it('keeps every limit in whole slots, and leaves no more unmet than without sharing, in any partnership, by the programme as well as greedily', () => {
    fc.assert(fc.property(anyPartnership, (inputs) => {
      for (const solution of [plan(inputs), greedily(inputs)]) {
        expect(breachesOf(inputs, solution.lends)).toEqual([]);
        if (solution.leastWorstUnmetShare !== null) expect(solution.with.worstUnmetShare).toBeGreaterThanOrEqual(solution.leastWorstUnmetShare - 1e-6);
      }
    }), { numRuns: 150 });
  });

  /** Where a slot was given up for one of another service that the lender's own patients needed: one more had none. */
  const givenUpForAnother = partnership([[{ minutes: 15, lendableShare: 0 }, { minutes: 15, lendableShare: 0 }], [{ minutes: 15, lendableShare: 0.5, capacity: [4], demand: [24] }, { lendableShare: 0.5, capacity: [4] }], [{ minutes: 15, capacity: [6], demand: [7] }, { minutes: 15, lendableShare: 0.1, capacity: [20], demand: [20] }]], { band: 0.5 });

  it('mends whatever a solver answers: limits hold however many slots it lends', () => {
    fc.assert(fc.property(anyPartnership, fc.integer({ min: 1, max: 2 ** 31 - 2 }), (inputs, seed) => {
      let state = seed;
      const problem = problemOf(inputs);
      const answer = modelOf(problem).columnOf.map((column) => (column < 0 ? 0 : (state = (state * 16_807) % 2_147_483_647) % 9));
      const mended = planQuotas(inputs, () => ({ parts: Float64Array.from(answer), leastWorstUnmetShare: 0 }));
      expect(breachesOf(inputs, mended.lends)).toEqual([]);
      const { unmet } = wholeSlotsOf(problem, Float64Array.from(answer));
      expect(unmet).toBeLessThanOrEqual(problem.unmet);
    }), { numRuns: 150, examples: [[givenUpForAnother, 1_159_011_546]] });
  });

  it('finds the least worst share: its own dual proves it, and no plan of whole slots that was counted through is below it', () => {
    const small = fc.array(fc.record({ capacity: fc.integer({ min: 0, max: 4 }).map((c) => [c]), demand: fc.integer({ min: 0, max: 5 }).map((d) => [d]), minutes: fc.constantFrom(30, 60), lendableShare: fc.constantFrom(0.5, 1) }), { minLength: 3, maxLength: 3 });
    fc.assert(fc.property(small, fc.constantFrom(0, 1, 1000), (cells, band) => {
      const inputs = partnership(cells.map((cell) => [cell]), { band });
      const { parts, dual, least } = solvedWithDual(solver, modelOf(problemOf(inputs)));
      expect(dual).toBeGreaterThan(least - 1e-6);
      expect(parts).toBeGreaterThan(0);
      const best = bestOfAll(inputs);
      const solution = plan(inputs);
      expect(best).toBeGreaterThan(least - 1e-6);
      expect(solution.with.worstUnmetShare).toBeGreaterThan(best - 1e-9);
    }), { numRuns: 40 });
  });

  it.each([[3, 12, 11], [8, 12, 5], [15, 8, 7]])('brings the worst unmet share of %i practices over %i weeks down to less than half', (practices, weeks, seed) => {
    const inputs = sampleQuotas({ practices, weeks, services: 4, seed });
    const solution = plan(inputs);
    expect(breachesOf(inputs, solution.lends)).toEqual([]);
    expect(solution.with.worstUnmetShare).toBeLessThan(solution.without.worstUnmetShare / 2);
    expect(greedily(inputs).with.worstUnmetShare).toBeLessThan(solution.without.worstUnmetShare);
  });

  it('gives the same plan for the same inputs, also after they were kept as JSON', () => {
    const inputs = sampleQuotas({ practices: 4, weeks: 6, services: 3, seed: 3 });
    const kept: QuotaInputs = JSON.parse(JSON.stringify(inputs));
    expect(JSON.stringify(plan(kept))).toBe(JSON.stringify(plan(inputs)));
  });

  it('lends slot by slot where the solver has no time', () => {
    const inputs = sampleQuotas({ practices: 8, weeks: 12, services: 4, seed: 5 });
    const solution = planQuotas(inputs, (model) => solveByHighs(solver, model, 0));
    expect(solution).toMatchObject({ method: 'greedy', whyGreedy: 'time-limit', leastWorstUnmetShare: null });
    expect(solution.with.worstUnmetShare).toBeLessThan(solution.without.worstUnmetShare);
    expect(breachesOf(inputs, solution.lends)).toEqual([]);
  });
});

/** Stage 1 with the bound that the dual values of its rows give on their own (weak duality): no column may go below it. */
function solvedWithDual(solver: Highs, model: QuotaModel): { readonly parts: number; readonly dual: number; readonly least: number } {
  return solver.withModel(model, (run) => {
    run.options.set({ output_flag: false });
    run.run();
    const { colValue, rowDual } = run.getSolution();
    const { starts, indices, values } = model.matrix;
    const reduced = Float64Array.from(model.colCost);
    let dual = 0;
    for (let row = 0; row < model.numRows; row++) {
      const price = Math.abs(rowDual[row]!) < 1e-9 ? 0 : rowDual[row]!;
      if (price !== 0) dual += price * (price > 0 ? model.rowLower[row]! : model.rowUpper[row]!);
      for (let at = starts[row]!; at < starts[row + 1]!; at++) reduced[indices[at]!]! -= price * values[at]!;
    }
    reduced.forEach((cost, column) => {
      if (cost < -1e-7) dual += cost * model.colUpper[column]!;
      else if (cost > 0) dual += cost * model.colLower[column]!;
    });
    return { parts: colValue.length, dual, least: colValue[model.worst]! };
  });
}

/** The least worst share over every plan in whole slots of three practices, one service and one week. */
function bestOfAll(inputs: QuotaInputs): number {
  const pairs = inputs.practices.flatMap(({ practice: lender, services }) => inputs.practices.filter((other) => other.practice !== lender).map(({ practice: borrower }) => ({ lender, borrower, most: Math.floor(services[0]!.lendableShare * services[0]!.capacity[0]!) })));
  let best = Infinity;
  const tryAll = (at: number, lends: readonly Lend[]): void => {
    const pair = pairs[at];
    if (!pair) {
      if (breachesOf(inputs, lends).length === 0) best = Math.min(best, worstOf(inputs, lends));
      return;
    }
    for (let n = 0; n <= pair.most; n++) {
      const lent = lends.filter(({ lender }) => lender === pair.lender).reduce((sum, one) => sum + one.slots, 0);
      if (lent + n > pair.most) break;
      tryAll(at + 1, n === 0 ? lends : [...lends, { ...pair, service: inputs.practices[0]!.services[0]!.service, week: 0, slots: n }]);
    }
  };
  tryAll(0, []);
  return best;
}

const worstOf = (inputs: QuotaInputs, lends: readonly Lend[]): number => Math.max(...inputs.practices.map(({ practice, services }) => {
  const [wanted, has] = [services[0]!.demand[0]!, services[0]!.capacity[0]!];
  const net = lends.reduce((sum, lend) => sum + (lend.lender === practice ? lend.slots : lend.borrower === practice ? -lend.slots : 0), 0);
  return wanted === 0 ? 0 : Math.max(0, wanted - has + net) / wanted;
}));
