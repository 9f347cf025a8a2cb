import { type PracticeId, type VisitTypeId, newId, parseInstant, parseZone } from '@slotmesh/kernel';
import fc from 'fast-check';
import { choosePlan, leadDaysOf } from './choose-plan';
import { ANY_VISIT, type PlanForVisits, type PlanSelector } from './plan';

const summit = 'summit' as PracticeId;
const [skin, laser] = [newId<VisitTypeId>(), newId<VisitTypeId>()];
const visit = { host: summit, visitType: skin, language: 'es', leadDays: 12 };
const plan = (name: string, over: Partial<PlanSelector> = {}, practice: PracticeId | null = summit): PlanForVisits => ({ id: name, plan: name, practice, selector: { ...ANY_VISIT, ...over } });

/** From the most to the least specific. */
const ranked = [
  plan('a', { visitType: skin, language: 'es', leadDaysMin: 10, leadDaysMax: 20 }),
  plan('b', { visitType: skin, language: 'es', leadDaysMin: 5, leadDaysMax: 20 }),
  plan('c', { visitType: skin, language: 'es' }),
  plan('d', { visitType: skin, leadDaysMin: 10 }),
  plan('e', { visitType: skin }),
  plan('f', { language: 'es', leadDaysMax: 12 }),
  plan('g', { language: 'es' }),
  plan('h', { leadDaysMin: 9, leadDaysMax: 19 }),
  plan('i', { leadDaysMin: 5, leadDaysMax: 15 }),
  plan('j', { leadDaysMin: 12 }),
  plan('k', { leadDaysMin: 3 }),
  plan('l'),
  plan('m', { visitType: skin, language: 'es', leadDaysMin: 12, leadDaysMax: 12 }, null),
  plan('n', {}, null),
];
const foreign = [
  plan('0', { visitType: laser }), plan('1', { language: 'en' }), plan('2', { leadDaysMax: 11 }), plan('3', { leadDaysMin: 13 }),
  plan('4', {}, 'desert' as PracticeId), plan('5', { visitType: skin, language: 'es' }, 'desert' as PracticeId),
];

describe('the plan of a visit', () => {
  it('is the most specific that matches: practice, visit type, language, lead time, in this order, wherever it stands in the list', () => {
    fc.assert(fc.property(fc.subarray(ranked, { minLength: 1 }), fc.subarray(foreign), fc.infiniteStream(fc.double({ min: 0, max: 1, noNaN: true })), (mine, others, order) => {
      const shuffled = [...mine, ...others].map((one) => ({ one, at: order.next().value })).sort((a, b) => a.at - b.at).map(({ one }) => one);
      expect(choosePlan(shuffled, visit)).toBe(mine[0]);
    }));
  });

  it('is none where none matches, and of two that say the same the older', () => {
    expect(choosePlan(foreign, visit)).toBeUndefined();
    expect(choosePlan([plan('2-newer'), plan('1-older')], visit)?.plan).toBe('1-older');
  });

  it('does not take a plan for one language or visit type where neither is known', () => {
    expect(choosePlan(ranked, { ...visit, visitType: null, language: null })?.plan).toBe('h');
  });

  it("counts lead time in calendar days of the patient's zone", () => {
    // 23:30 on the 1st in New York is the 2nd in UTC.
    expect(leadDaysOf(parseInstant('2026-07-02T03:30:00Z'), parseInstant('2026-07-11T13:00:00Z'), parseZone('America/New_York'))).toBe(10);
    expect(leadDaysOf(parseInstant('2026-07-02T03:30:00Z'), parseInstant('2026-07-11T13:00:00Z'), parseZone('Europe/Berlin'))).toBe(9);
    expect(leadDaysOf(parseInstant('2026-07-02T03:30:00Z'), parseInstant('2026-07-01T13:00:00Z'), parseZone('Europe/Berlin'))).toBe(0);
  });
});
