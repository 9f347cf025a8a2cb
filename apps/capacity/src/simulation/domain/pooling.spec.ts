import fc from 'fast-check';
import { advise } from './advice';
import { changed } from './changes';
import type { Interval } from './interval';
import { everybodyReaches, usualBehaviour, usualRules, type Partnership, type ShareRules } from './partnership';
import { SimulatedYear } from './simulated-year';
import { counted } from './year-counts';
import { TOGETHER, Trial, lineOf, type Outcomes } from './trial';

const settings = { runs: 60, seed: 1 };
const partnership = (loads: readonly number[], rules: Partial<ShareRules> = {}): Partnership => ({ practices: everybodyReaches(loads.map((load, p) => ({ id: `p${p}`, slotsPerDay: 20, load }))), rules: { ...usualRules, ...rules }, behaviour: usualBehaviour });
const simulated = (loads: readonly number[], rules?: Partial<ShareRules>): Trial => Trial.run(partnership(loads, rules), settings);
const together = (trial: Trial): Outcomes => lineOf(trial.lines(), TOGETHER);
/** The published means have intervals of their own, of up to so much to each side; two means agree where their intervals overlap. */
const PUBLISHED_HALF = 0.6;
const agrees = ({ low, high }: Interval, published: number): void => {
  expect(low).toBeLessThan(published + PUBLISHED_HALF);
  expect(high).toBeGreaterThan(published - PUBLISHED_HALF);
};
const unequal = [0.88, 0.97, 1.1];

describe('sharing in a simulated partnership', () => {
  it('three equal practices at load .99 wait less than half as long for a third time when each lends a tenth', () => {
    const [alone, tenth] = [simulated([0.99, 0.99, 0.99], { share: 0 }), simulated([0.99, 0.99, 0.99])];
    const { mean, high } = lineOf(tenth.against(alone), TOGETHER).thirdNextDays;
    expect(high).toBeLessThan(0);
    expect(mean / together(alone).thirdNextDays.mean).toBeLessThan(-0.5);
    expect(together(tenth).elsewhere.mean).toBeLessThan(0.05);
  });

  it('unequal practices are where the published effects are: the busiest at 18 days alone and under 2 with a tenth, the least busy hardly touched', () => {
    const [alone, tenth] = [simulated(unequal, { share: 0 }), simulated(unequal)];
    const third = (trial: Trial, p: number) => lineOf(trial.lines(), `p${p}`).thirdNextDays;
    agrees(third(alone, 2), 18.25);
    agrees(together(tenth).thirdNextDays, 1.13);
    expect(third(tenth, 2).high).toBeLessThan(2);
    expect(third(tenth, 0).high).toBeLessThan(0.6);
    // The least busy lends about what the busiest takes.
    expect(lineOf(tenth.lines(), 'p0').lentPerWeek.mean).toBeGreaterThan(6);
  });

  it('releasing to the owner earlier, and asking for more days sooner, costs more the farther it goes', () => {
    const increasing = (values: number[]): void => expect(values).toEqual(values.toSorted((a, b) => a - b));
    increasing([0, 1, 2, 5].map((releaseDays) => together(simulated(unequal, { releaseDays })).thirdNextDays.mean));
    const waits = [1, 3, 5, 10].map((soonerDays) => together(simulated(unequal, { soonerDays })).waitDays);
    increasing(waits.map(({ mean }) => mean));
    for (const [index, published] of [1.86, 2.13, 2.89, 4.54].entries()) agrees(waits[index]!, published);
  });

  it('a lender guard costs nothing', () => {
    const [without, guarded] = [simulated(unequal, { share: 0.2 }), simulated(unequal, { share: 0.2, guardDays: 3 })];
    expect(lineOf(guarded.against(without), TOGETHER).waitDays.mean).toBeLessThan(0.1);
  });

  it('where all are overloaded, sharing shortens no wait and only keeps a few more from giving up', () => {
    const [alone, shared] = [simulated([1.04, 1.04, 1.04], { share: 0 }), simulated([1.04, 1.04, 1.04])];
    const difference = lineOf(shared.against(alone), TOGETHER);
    expect(difference.waitDays.mean).toBeGreaterThan(0);
    expect(difference.gaveUp.mean).toBeLessThan(0);
  });
});

describe('what-if', () => {
  const present = Trial.run(partnership(unequal), settings);
  const after = (change: Parameters<typeof changed>[1]): Trial => Trial.run(changed(partnership(unequal), change), settings);

  it('says what a provider more, a tenth more demand and the loss of a partner would change, each beside the same years as they are', () => {
    expect(lineOf(after({ kind: 'add-slots', practice: 'p2', slotsPerDay: 3 }).against(present), 'p2').waitDays.high).toBeLessThan(0);
    expect(lineOf(after({ kind: 'demand', practice: null, factor: 1.1 }).against(present), TOGETHER).waitDays.low).toBeGreaterThan(5);
    const without = after({ kind: 'partner-leaves', practice: 'p0' });
    expect(lineOf(without.against(present), 'p2').waitDays.low).toBeGreaterThan(1);
    expect(lineOf(without.lines(), 'p0')).toMatchObject({ lentPerWeek: { mean: 0 }, borrowedPerWeek: { mean: 0 } });
  });

  it('compares years of the same luck: what changes nothing differs by exactly nothing, and pairs are narrower than strangers', () => {
    for (const { outcomes } of after({ kind: 'demand', practice: 'p1', factor: 1 }).against(present)) for (const { low, high } of Object.values(outcomes)) expect([low, high]).toEqual([0, 0]);
    const [paired, strangers] = [after({ kind: 'rules', rules: { soonerDays: 5 } }), Trial.run(changed(partnership(unequal), { kind: 'rules', rules: { soonerDays: 5 } }), { ...settings, seed: 2 })];
    const width = (trial: Trial): number => { const { low, high } = lineOf(trial.against(present), TOGETHER).waitDays; return high - low; };
    expect(width(paired)).toBeLessThan(width(strangers) / 2);
  });

  it('a practice that leaves and joins again is where it was, and alone it lends and borrows nothing', () => {
    const alone = changed(partnership(unequal), { kind: 'partner-leaves', practice: 'p1' });
    expect(alone.practices.map(({ neighbours }) => Object.keys(neighbours))).toEqual([['p2'], [], ['p0']]);
    expect(changed(alone, { kind: 'partner-joins', practice: 'p1' })).toEqual(partnership(unequal));
  });

  it('refuses a practice that is not there', () => {
    expect(() => changed(partnership(unequal), { kind: 'partner-leaves', practice: 'nobody' })).toThrow('not part');
  });
});

describe('advice', () => {
  it('for loads .88, .97 and 1.10, applied in the simulator, brings the third next available of the busiest down by more than 80 %, by its own times too', () => {
    const advice = advise(partnership(unequal, { share: 0 }), settings);
    expect([advice.verdict, advice.busiest]).toEqual(['share', 'p2']);
    const applied = lineOf(Trial.run(changed(partnership(unequal, { share: 0 }), { kind: 'rules', rules: advice.rules! }), { ...settings, seed: 99 }).lines(), 'p2');
    const before = lineOf(advice.present, 'p2');
    expect(applied.thirdNextDays.high).toBeLessThan(before.thirdNextDays.low * 0.2);
    expect(applied.ownThirdNextDays.high).toBeLessThan(before.ownThirdNextDays.low * 0.2);
  });

  it('tells practices that are all at 1.04 and share nothing that sharing will not help, and what would', () => {
    const advice = advise(partnership([1.04, 1.04, 1.04], { share: 0 }), settings);
    expect(advice).toMatchObject({ verdict: 'sharing-will-not-help', rules: null });
    expect(advice.reason).toContain('Sharing will not help');
    expect(lineOf(advice.missing!.difference, TOGETHER).waitDays.high).toBeLessThan(-5);
  });

  it.each([0.2, 0.5])('tells practices that are all at 1.04, share %d of their time and wait longer by it to stop, what that costs, and what would help', (share) => {
    const present = partnership([1.04, 1.04, 1.04], { share });
    const advice = advise(present, settings);
    expect(advice).toMatchObject({ verdict: 'stop-sharing', rules: { ...present.rules, share: 0 }, reason: expect.stringMatching(/^Sharing [25]0 % of each day makes patients of all practices wait longer .* slots a day more/), missing: { slotsPerDay: expect.any(Number) } });
    expect(advice.difference).toEqual(Trial.run(changed(present, { kind: 'rules', rules: { share: 0 } }), settings).against(Trial.run(present, settings)));
    const { waitDays, gaveUp } = lineOf(advice.difference, TOGETHER);
    expect([waitDays.high < 0, waitDays.mean < -0.25]).toEqual([true, true]);
    expect(lineOf(advice.missing!.difference, TOGETHER).waitDays.high).toBeLessThan(-5);
    expect(advice.reason.includes('would give up')).toBe(gaveUp.low > 0);
    // What is advised stays advised: nothing is shared then, and no share would help.
    expect(advise(partnership([1.04, 1.04, 1.04], advice.rules!), settings).verdict).toBe('sharing-will-not-help');
  });

  it('changes nothing where nobody waits, and keeps what serves', () => {
    expect(advise(partnership([0.8, 0.8, 0.85], { share: 0 }), { runs: 20, seed: 1 })).toMatchObject({ verdict: 'nothing-to-gain', rules: null });
    expect(advise(partnership(unequal, { share: 0.2 }), { runs: 20, seed: 1 })).toMatchObject({ verdict: 'keep', rules: null });
    expect(advise(partnership([0.99]), { runs: 20, seed: 1 })).toMatchObject({ verdict: 'nothing-to-gain', rules: null });
  });
});

describe('a simulated year', () => {
  const practice = fc.record({ slotsPerDay: fc.double({ min: 1, max: 30, noNaN: true }), load: fc.double({ min: 0.2, max: 1.3, noNaN: true }) });
  const rules = fc.record({ share: fc.double({ min: 0, max: 1, noNaN: true }), releaseDays: fc.integer({ min: 0, max: 10 }), soonerDays: fc.integer({ min: 0, max: 10 }), guardDays: fc.option(fc.integer({ min: 0, max: 10 })) });

  it('lends what is borrowed, keeps no more visits than there were slots, lends nothing where nothing is shared, and is the same again for the same seed', () => {
    fc.assert(fc.property(fc.array(practice, { minLength: 1, maxLength: 4 }), rules, fc.integer(), (practices, rule, seed) => {
      const year = new SimulatedYear({ practices: everybodyReaches(practices.map((one, p) => ({ ...one, id: `p${p}` }))), rules: rule, behaviour: usualBehaviour }, { warmUpDays: 20, days: 50 });
      const [counts, again] = [new Float64Array(practices.length * counted.length), new Float64Array(practices.length * counted.length)];
      year.run(seed, counts);
      year.run(seed + 1, again);
      year.run(seed, again);
      expect(again).toEqual(counts);
      const of = (p: number, name: (typeof counted)[number]): number => counts[p * counted.length + counted.indexOf(name)]!;
      const all = (name: (typeof counted)[number]): number => practices.reduce((sum, _, p) => sum + of(p, name), 0);
      expect(all('lent')).toBeCloseTo(all('borrowed'), 6);
      for (const p of practices.keys()) {
        expect(of(p, 'kept')).toBeLessThanOrEqual(of(p, 'slots'));
        expect(of(p, 'thirdNextDays')).toBeLessThanOrEqual(of(p, 'ownThirdNextDays'));
      }
      if (rule.share === 0) expect(all('lent')).toBe(0);
    }), { numRuns: 60 });
  });

  it('lends no more of its days than was agreed, and all of that where a partner has far too little time, also after cancellations', () => {
    fc.assert(fc.property(fc.double({ min: 0.05, max: 1, noNaN: true }), fc.integer({ min: 4, max: 20 }), fc.integer(), (share, slotsPerDay, seed) => {
      const days = 50;
      // Nobody asks the lender for a visit: what takes place there was lent.
      const practices = everybodyReaches([{ id: 'lender', slotsPerDay, load: 0 }, { id: 'busy', slotsPerDay: 20, load: 3 }], 1);
      const year = new SimulatedYear({ practices, rules: { share, releaseDays: 0, soonerDays: 1, guardDays: null }, behaviour: { ...usualBehaviour, noShow: [{ days: 0, rate: 0 }], followUpShare: 0 } }, { warmUpDays: 50, days });
      const counts = new Float64Array(2 * counted.length);
      year.run(seed, counts);
      const [kept, agreed] = [counts[counted.indexOf('kept')]!, share * slotsPerDay * days];
      expect(kept).toBeLessThanOrEqual(Math.ceil(agreed));
      expect(kept).toBeGreaterThan(agreed * 0.75 - 1);
    }), { numRuns: 40 });
  });
});
