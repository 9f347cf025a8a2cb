import { DAY, HOUR, type Instant, parseInstant, parseZone, plusMs } from '@slotmesh/kernel';
import fc from 'fast-check';
import { type BookingFacts, type VisitOfPatient, factsAtBooking } from './booking-facts';
import { scoreOf } from './no-show-model';
import { type ToReach, outreachOrder } from './outreach-order';
import { trainOn } from './training';

const FIRST = parseInstant('2026-01-05T00:00:00.000Z');
const zone = parseZone('America/Denver');
const at = (day: number, hour = 16): Instant => plusMs(FIRST, day * DAY + hour * HOUR);
/** A generator that gives the same numbers each time (mulberry32). */
function numbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** Twenty visits a day whose chance of being missed is known: it rises with the lead, and a third of the patients miss more than others. `strength` 0: nothing tells. */
function visitsOf(days: number, strength: number, seed = 7, base = -2.2): VisitOfPatient[] {
  const next = numbers(seed);
  return Array.from({ length: days * 20 }, (_, n): VisitOfPatient => {
    const [day, patient, lead] = [Math.floor(n / 20), Math.floor(next() * 400), Math.floor(next() ** 2 * 40)];
    const chance = 1 / (1 + Math.exp(-(base + strength * (0.5 * Math.log1p(lead) + (patient % 3 === 0 ? 1.5 : 0)))));
    const start = at(day, 15 + (n % 8));
    return { id: `v${n}`, patient: `p${patient}`, bookedAt: plusMs(start, -lead * DAY - HOUR), start, zone, service: next() < 0.6 ? 'checkup' : 'skin-check', modality: 'in-person', outcome: next() < chance ? 'missed' : 'kept', settledAt: plusMs(start, 2 * HOUR) };
  });
}
const end = at(1000);
const year = visitsOf(250, 1);
function trained(visits: readonly VisitOfPatient[], now = end) {
  const training = trainOn(visits, now);
  if (training.kind === 'refused') throw new Error(training.sentence);
  return training;
}

describe('facts at booking', () => {
  it('counts earlier visits that were over, and told, before the booking day, and nothing else', () => {
    const visit = (id: string, over: Partial<VisitOfPatient>): VisitOfPatient => ({ id, patient: 'p1', bookedAt: at(0), start: at(5), zone, service: 'checkup', modality: 'video', outcome: 'kept', settledAt: at(5, 18), ...over });
    const [facts] = factsAtBooking([
      visit('asked', { bookedAt: at(10), start: at(13, 17), outcome: null, settledAt: null }),
      visit('kept', {}), visit('missed', { outcome: 'missed' }), visit('told late', { outcome: 'missed', settledAt: at(11) }), visit('told on the day', { outcome: 'missed', settledAt: at(10, 8) }),
      visit('after', { start: at(12), settledAt: at(12, 20), outcome: 'missed' }), visit('unmarked', { outcome: null, settledAt: null }), visit('of another', { patient: 'p2', outcome: 'missed' }),
    ]);
    expect(facts).toEqual({ leadDays: 3, weekday: 7, hour: 10, service: 'checkup', modality: 'video', earlierKept: 1, earlierMissed: 1 });
  });

  it('no leak: whatever happens from the booking day on changes no fact', () => {
    const some = year.slice(0, 1500);
    const before = factsAtBooking(some);
    fc.assert(fc.property(fc.integer({ min: 5, max: 70 }), fc.constantFrom('kept', 'missed', null), (day, outcome) => {
      const from = at(day, 7);
      const changed = some.map((visit): VisitOfPatient => (visit.settledAt !== null && visit.settledAt >= from ? { ...visit, outcome, settledAt: outcome === null ? null : visit.settledAt } : visit));
      const after = factsAtBooking(changed);
      for (const [i, visit] of some.entries()) if (visit.bookedAt < from) expect(after[i]).toEqual(before[i]);
    }), { numRuns: 20 });
  });
});

describe('the no-show model', () => {
  it('finds an order where there is one, and its card says how good it is on later visits', () => {
    const { card, model } = trained(year);
    expect(card.leadOneDayOrMore.auc).toBeGreaterThan(0.6);
    expect(card.leadOneDayOrMore.skill).toBeGreaterThan(0);
    expect(card.leadOneDayOrMore.calibrationError).toBeLessThan(0.08);
    expect(card.leadOneDayOrMore.visits).toBeLessThan(card.all.visits);
    expect(card.useful).toBe(true);
    expect([card.slices.train.to < card.slices.calibrate.from, card.slices.calibrate.to < card.slices.test.from]).toEqual([true, true]);
    expect(card.calibration.reduce((sum, { visits }) => sum + visits, 0)).toBe(card.leadOneDayOrMore.visits);
    expect(card.bands.find(({ band }) => band === 'missed a visit before')!.observed).toBeGreaterThan(card.bands.find(({ band }) => band === 'earlier visits, none missed')!.observed!);
    const facts: BookingFacts = { leadDays: 2, weekday: 2, hour: 11, service: 'checkup', modality: 'in-person', earlierKept: 3, earlierMissed: 0 };
    expect(scoreOf(model, { ...facts, earlierKept: 0, earlierMissed: 3 })).toBeGreaterThan(scoreOf(model, facts));
    expect(scoreOf(model, { ...facts, leadDays: 30 })).toBeGreaterThan(scoreOf(model, facts));
  });

  it('the same visits, in whatever order, give the same model', () => {
    expect(trained([...year].reverse())).toEqual(trained(year));
  });

  it('no leak: other outcomes after training and calibration ended leave the model as it is, and what comes after now is not seen at all', () => {
    const { model, card } = trained(year);
    const turned = year.map((visit): VisitOfPatient => (visit.start >= parseInstant(`${card.slices.test.from}T12:00:00.000Z`) ? { ...visit, outcome: visit.outcome === 'missed' ? 'kept' : 'missed' } : visit));
    expect(trained(turned).model).toEqual(model);
    const now = at(200);
    expect(trained(year, now)).toEqual(trained(year.map((visit): VisitOfPatient => (visit.settledAt! >= now ? { ...visit, outcome: null, settledAt: null } : visit)), now));
  });

  it('says that it is not useful, or refuses, where nothing tells', () => {
    const training = trainOn(visitsOf(250, 0, 11, -1.4), end);
    if (training.kind === 'trained') expect(training.card.useful).toBe(false);
    else expect(training.reason).toBe('no-order');
  });

  it.each([
    ['too-few-visits', visitsOf(40, 1)],
    ['too-short', year.slice(0, 1100).map((visit, n) => ({ ...visit, start: at(n % 50), settledAt: at(n % 50, 20) }))],
    ['too-few-missed', visitsOf(100, 0, 7, -5)],
  ] as const)('refuses, %s, and says what is needed', (reason, visits) => {
    expect(trainOn(visits, end)).toMatchObject({ kind: 'refused', reason, sentence: expect.stringMatching(/^No score: .*\d.*needed/) });
  });

  it('P20: who somebody is has no way in: inputs are those listed, and further fields of a visit change nothing', () => {
    type Never = 'race' | 'ethnicity' | 'payer' | 'insurance' | 'language' | 'postcode' | 'zip' | 'disability' | 'age' | 'birthDate' | 'sex' | 'gender' | 'name' | 'patient';
    const none: [Extract<keyof BookingFacts, Never>] extends [never] ? true : false = true;
    expect(none).toBe(true);
    const { card } = trained(year);
    expect(card.inputs).toEqual([
      'lead-days', 'same-day', 'lead-over-two-weeks', 'monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday', 'before-ten', 'from-fifteen', 'no-history', 'earlier-visits', 'earlier-missed-rate',
      'service:checkup', 'service:skin-check', 'modality:in-person',
    ]);
    const described = year.map((visit) => ({ ...visit, race: visit.outcome, payer: visit.outcome, language: visit.outcome, postcode: visit.outcome, disability: visit.outcome }));
    expect(trained(described)).toEqual(trained(year));
  });
});

describe('the order of outreach', () => {
  it('P20: follows the score only where it is switched on, and only the order leaves', () => {
    const { model } = trained(year);
    const facts: BookingFacts = { leadDays: 3, weekday: 2, hour: 11, service: 'checkup', modality: 'in-person', earlierKept: 3, earlierMissed: 0 };
    const visits: ToReach[] = [{ id: 'steady', start: at(1), score: scoreOf(model, facts) }, { id: 'often', start: at(2), score: scoreOf(model, { ...facts, earlierMissed: 4 }) }, { id: 'unknown', start: at(0), score: null }];
    expect(outreachOrder(visits, 'on')).toEqual(['often', 'steady', 'unknown']);
    expect(outreachOrder(visits, 'off')).toEqual(['unknown', 'steady', 'often']);
  });
});
