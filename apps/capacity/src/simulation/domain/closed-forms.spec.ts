import { intervalOf, student975 } from './interval';
import { everybodyReaches, usualBehaviour, usualRules, type Behaviour } from './partnership';
import { normal, poisson, keyUnder, uniform } from './random';
import { SimulatedYear } from './simulated-year';
import { counted } from './year-counts';

/** Patients who come at random, take the first free time, come, and never give up. */
const plain: Behaviour = { ...usualBehaviour, demandNoise: 0, cancelRate: 0, returnsAfterCancel: 0, returnsAfterNoShow: 0, noShow: [], followUpShare: 1, givesUp: 0 };

/** Mean days that a booked visit waits, per run. */
function waits(slotsPerDay: number, load: number, behaviour: Behaviour, runs: number, length: { warmUpDays: number; days: number }): number[] {
  const year = new SimulatedYear({ practices: everybodyReaches([{ id: 'a', slotsPerDay, load }]), rules: { ...usualRules, share: 0 }, behaviour }, length);
  const counts = new Float64Array(counted.length);
  return Array.from({ length: runs }, (_, run) => {
    year.run(run, counts);
    return counts[counted.indexOf('waitDays')]! / counts[counted.indexOf('booked')]!;
  });
}

/** P(N >= n) for a Poisson count. */
function atLeast(n: number, mean: number): number {
  let [term, below] = [Math.exp(-mean), 0];
  for (let k = 0; k < n; k++) {
    below += term;
    term *= mean / (k + 1);
  }
  return Math.max(0, 1 - below);
}

/** M/D/c: Spitzer's identity for what is left at the end of a service time, sum of E[(N(k mean) - kc)+] / k; by Little's law over the arrivals it is the mean wait. */
function mdcWait(servers: number, load: number): number {
  let left = 0;
  for (let k = 1; k <= 30; k++) {
    const [mean, most] = [k * servers * load, k * servers];
    left += (mean * atLeast(most, mean) - most * atLeast(most + 1, mean)) / k;
  }
  return left / (servers * load);
}

/** M/M/c: Erlang's C over what is left of the servers, in service times. */
function mmcWait(servers: number, load: number): number {
  const offered = servers * load;
  let [term, sum] = [1, 0];
  for (let k = 0; k < servers; k++) {
    sum += term;
    term *= offered / (k + 1);
  }
  const waiting = term / (1 - load);
  return waiting / (sum + waiting) / (servers * (1 - load));
}

describe('the simulated calendar against closed forms', () => {
  it.each([[3, 0.8], [10, 0.9], [20, 0.9]])('is M/D/c: %i times a day at load %d wait as Spitzer says', (slots, load) => {
    const { low, high } = intervalOf(waits(slots, load, plain, 30, { warmUpDays: 200, days: 1_500 }));
    const expected = mdcWait(slots, load);
    expect([low, expected, high]).toEqual([low, expected, high].toSorted((a, b) => a - b));
    // Narrow enough that a wrong formula would lie outside.
    expect((high - low) / expected).toBeLessThan(0.2);
  });

  it.each([[1, 0.7], [3, 0.8], [5, 0.85]])('is M/M/c where a day is a moment and whoever is not done comes back the next: %i servers at load %d wait as Erlang says', (servers, load) => {
    // A service of 20 moments on average: who "misses" comes back, so that what is left of a service has no memory; order does not matter for how many there are.
    const moments = 20;
    const behaviour = { ...plain, noShow: [{ days: 0, rate: 1 - 1 / moments }], returnsAfterNoShow: 1 };
    const legs = waits(servers, load / moments, behaviour, 20, { warmUpDays: 4_000, days: 30_000 });
    // The time from arrival to the end is the sum of the legs, and the moment of the last; less the service it is the wait.
    const { low, high } = intervalOf(legs.map((leg) => (leg * moments + 1 - moments) / moments));
    const expected = mmcWait(servers, load);
    // A moment is a twentieth of a service: what comes within one waits for the next.
    expect(expected).toBeGreaterThan(low - 1 / moments);
    expect(expected).toBeLessThan(high + 1 / moments);
    expect((high - low) / expected).toBeLessThan(0.35);
  });

  it('nears 1 / (2 (slots - demand)) in heavy traffic', () => {
    const { mean } = intervalOf(waits(20, 0.97, plain, 20, { warmUpDays: 500, days: 2_500 }));
    expect(Math.abs(mean * 2 * 20 * 0.03 - 1)).toBeLessThan(0.2);
  });
});

describe('the luck of a run', () => {
  it('has the mean and the spread that its distributions have', () => {
    const keys = Array.from({ length: 20_000 }, (_, n) => keyUnder(7, n));
    const near = (values: number[], mean: number, variance: number): void => {
      const found = values.reduce((sum, value) => sum + value, 0) / values.length;
      expect(Math.abs(found - mean)).toBeLessThan(4 * Math.sqrt(variance / values.length));
      expect(Math.abs(values.reduce((sum, value) => sum + (value - found) ** 2, 0) / values.length / variance - 1)).toBeLessThan(0.06);
    };
    near(keys.map((key) => uniform(key, 3)), 0.5, 1 / 12);
    near(keys.map((key) => normal(key, 0)), 0, 1);
    near(keys.map((key) => poisson(20, key)), 20, 20);
    near(keys.map((key) => poisson(450, key)), 450, 450);
  });

  it('gives more demand never fewer patients', () => {
    for (let key = 0; key < 2_000; key++) expect(poisson(22, keyUnder(1, key))).toBeGreaterThanOrEqual(poisson(20, keyUnder(1, key)));
  });

  it.each([[5, 2.571], [9, 2.262], [19, 2.093], [59, 2.001]])("takes Student's point for %i degrees of freedom from the table", (freedom, expected) => {
    expect(student975(freedom)).toBeCloseTo(expected, 2);
  });
});
