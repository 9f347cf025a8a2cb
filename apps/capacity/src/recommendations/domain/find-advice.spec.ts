import fc from 'fast-check';
import { adviceKind, ranked } from './advice';
import { type PracticeFacts, type ServiceFacts, findAdvice } from './find-advice';

const weeks = (values: readonly number[], denominator: number | null = 1) => values.map((numerator, n) => ({ week: `2026-0${1 + Math.floor(n / 4)}-0${1 + (n % 4)}`, numerator, denominator }));
const quiet: ServiceFacts = { service: 'skin-check', thirdNext: weeks([5, 6, 5, 6, 5, 6, 5, 6, 5, 6, 5, 6, 5]), soonerWithPartners: weeks([7, 7, 7, 7], 7), noShow: weeks([5, 6, 5, 6, 5, 6, 5, 6, 5, 6, 5, 6, 5], 100), emptySearches: [], demand: weeks([50, 50, 50, 50], null), ahead: { open: 100, scheduled: 1_000 }, waitOfPartners: 6, visitMinutes: 30 };
const facts = (service: Partial<ServiceFacts>, over: Partial<PracticeFacts> = {}): PracticeFacts => ({ services: [{ ...quiet, ...service }], shared: { offered: 600, unused: 100, days: 20 }, referralsWithoutVisit: [], overdueRecalls: [], sharesTime: true, visitMinutes: 30, ...over });
const kinds = (of: PracticeFacts) => findAdvice(of).map(({ kind }) => kind);

describe('advice', () => {
  it('is none where every number goes up and down as it always does', () => {
    expect(findAdvice(facts({}))).toEqual([]);
  });

  it('P18: a wait that rises is told only when it is more than chance and patients feel it', () => {
    const steady = [5, 6, 5, 6, 5, 6, 5, 6, 5];
    expect(kinds(facts({ thirdNext: weeks([...steady, 6, 6, 6, 6]) }))).toEqual([]);
    expect(kinds(facts({ thirdNext: weeks([2, 12, 3, 14, 2, 13, 2, 12, 3, 9, 12, 9, 12]), soonerWithPartners: [] }))).toEqual([]);
    const [rising] = findAdvice(facts({ thirdNext: weeks([...steady, 7, 8, 9, 16]) }));
    expect(rising).toMatchObject({ kind: 'rising-wait', now: 10, sure: 'unknown', expected: null, patients: 200, reason: 'Patients wait 10.0 days for the third opening of skin-check in the last four weeks, 5.4 days before: more than chance makes of it.' });
  });

  it("says by how much partners' time is sooner, and promises no measure that nobody's going there would move", () => {
    expect(findAdvice(facts({ soonerWithPartners: weeks([28, 42, 35, 35], 7) }))).toMatchObject([{ kind: 'sooner-at-partners', measure: null, now: null, expected: null, patients: 120, sure: 'published', reason: expect.stringMatching(/^With partners' time the third opening for skin-check came 5\.0 days sooner .* 28 mornings .* \(4\.0 days to 6\.0 days by week\)/) }]);
    expect(kinds(facts({ soonerWithPartners: weeks([0, 0, 0, 20], 1) }))).toEqual([]);
    expect(kinds(facts({ soonerWithPartners: weeks([14, 14, 14, 14], 7) }))).toEqual([]);
    // A long own wait of some providers is no reason where together they have time as soon as partners.
    expect(kinds(facts({ thirdNext: weeks(Array.from({ length: 13 }, () => 30)) }))).toEqual([]);
  });

  it('P20: for missed visits it names calls by the list and what others found, never a patient and never a second booking', () => {
    const [missed] = findAdvice(facts({ noShow: weeks([5, 6, 5, 6, 5, 6, 5, 6, 5, 14, 22, 12, 12], 100) }));
    expect(missed).toMatchObject({ kind: 'missed-visits', now: 0.15, sure: 'published', patients: 60, expected: { value: expect.closeTo(0.117, 4), low: expect.closeTo(0.099, 4), high: expect.closeTo(0.135, 4) } });
  });

  it('P20: promises nothing of calls where fewer visits are missed than among those of whom it is known', () => {
    const [missed] = findAdvice(facts({ noShow: weeks([5, 6, 5, 6, 5, 6, 5, 6, 5, 14, 21, 12, 12], 100) }));
    expect(missed).toMatchObject({ kind: 'missed-visits', measure: 'no-show', now: 0.1475, expected: null, sure: 'unknown' });
  });

  it('asks a practice with open time to share where partners wait, and one whose shared time goes back to share other times', () => {
    expect(kinds(facts({ ahead: { open: 600, scheduled: 1_000 }, waitOfPartners: 15 }))).toEqual(['time-to-lend']);
    expect(kinds(facts({ ahead: { open: 600, scheduled: 1_000 }, waitOfPartners: 15 }, { sharesTime: false }))).toEqual([]);
    expect(kinds(facts({}, { shared: { offered: 2_400, unused: 1_800, days: 20 } }))).toEqual(['shared-time-unused']);
    // Three days after the start nobody can speak of four weeks.
    expect(kinds(facts({}, { shared: { offered: 2_400, unused: 1_800, days: 3 } }))).toEqual([]);
  });

  it('says how many patients open time has room for by how long visits take there, and none where nothing is known of that', () => {
    const patients = (shared: number | null, service: number | null) => findAdvice(facts({ ahead: { open: 600, scheduled: 1_000 }, waitOfPartners: 15, visitMinutes: service }, { shared: { offered: 2_400, unused: 1_800, days: 20 }, visitMinutes: shared })).map(({ kind, patients: n }) => [kind, n]);
    expect(patients(60, 20)).toEqual([['shared-time-unused', 30], ['time-to-lend', 15]]);
    expect(patients(null, null)).toEqual([['shared-time-unused', 0], ['time-to-lend', 0]]);
  });

  it('puts care gaps first, then waits, then use, and among these what touches more patients, in any order of finding', () => {
    const all = findAdvice(facts({ thirdNext: weeks([5, 6, 5, 6, 5, 6, 5, 6, 5, 7, 8, 9, 16]), soonerWithPartners: weeks([35, 35, 35, 35], 7), emptySearches: weeks([10, 10, 10, 10], null) }, { referralsWithoutVisit: [{ service: 'echo', referrals: 2 }], overdueRecalls: [{ kind: 'screening', recalls: 9 }], shared: { offered: 2_400, unused: 1_800, days: 20 } }));
    fc.assert(fc.property(fc.shuffledSubarray(all, { minLength: all.length }), (shuffled) => {
      expect(ranked(shuffled).map(({ kind }) => kind)).toEqual(['overdue-recalls', 'referrals-without-visit', 'rising-wait', 'sooner-at-partners', 'searches-in-vain', 'shared-time-unused']);
    }));
    expect(all.every(({ kind, reason, cost }) => adviceKind.options.includes(kind) && reason.endsWith('.') && cost.endsWith('.'))).toBe(true);
  });
});
