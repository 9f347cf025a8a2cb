import fc from 'fast-check';
import { type ReportCell, type ReportFacts, type SharedMonth, reportOf } from './access-report';
import { reportMeasures } from './report-definition';
import { monthsBefore, monthsFrom } from './report-months';

const months = monthsFrom('2026-01', '2026-09');
const none = Object.fromEntries(reportMeasures.map((measure) => [measure, []])) as unknown as ReportFacts['cells'];
const facts = (over: Partial<ReportFacts> = {}): ReportFacts => ({
  viewer: 'harbor', from: '2026-05', to: '2026-07', practices: [{ practice: 'harbor', name: 'Harbor', since: '2026-04', until: null }, { practice: 'summit', name: 'Summit', since: '2026-04', until: null }], cells: none, visits: [], scalingBefore: null, nameOf: (service) => service, ...over,
});
const waitsOf = (practice: string, values: Readonly<Record<string, number>>): ReportCell[] => Object.entries(values).map(([month, value]) => ({ practice, service: 'dermatology', month, numerator: null, denominator: null, value }));
const before = { '2026-01': 20, '2026-02': 24, '2026-03': 22 };
const accessOf = (since: Readonly<Record<string, number>>, earlier: Readonly<Record<string, number>> = before) =>
  reportOf(facts({ cells: { ...none, 'third-next-available': waitsOf('summit', { ...earlier, ...since }) } })).items[1]!;

describe('an access report', () => {
  it('P18: calls a wait shorter or longer only where every month since lies beyond every month before, and says so', () => {
    expect(accessOf({ '2026-05': 9, '2026-06': 19, '2026-07': 11 })).toMatchObject({ access: [{ thirdNextAvailable: { before: 22, now: 13, change: 'shorter' } }], finding: { said: 'compared', text: expect.stringContaining('shorter in dermatology (22 days before, 13 days now)') } });
    expect(accessOf({ '2026-05': 25, '2026-06': 26, '2026-07': 30 })).toMatchObject({ access: [{ thirdNextAvailable: { before: 22, now: 27, change: 'longer' } }], finding: { text: expect.stringContaining('longer in dermatology (22 days before, 27 days now)') } });
    expect(accessOf({ '2026-05': 9, '2026-06': 9, '2026-07': 20 })).toMatchObject({ access: [{ thirdNextAvailable: { change: 'unclear' } }], finding: { text: expect.stringContaining('No clear change in dermatology') } });
  });

  it('P18: claims nothing with fewer than three months on either side, and no month in which sharing began is on one', () => {
    expect(accessOf({ '2026-04': 1, '2026-05': 9, '2026-06': 9 })).toMatchObject({ access: [{ thirdNextAvailable: { now: 9, change: null } }], finding: { said: 'no-baseline' } });
    expect(accessOf({ '2026-05': 9, '2026-06': 9, '2026-07': 9 }, { '2025-12': 30, '2026-02': 24, '2026-03': 22 })).toMatchObject({ access: [{ thirdNextAvailable: { before: 23, change: null } }], finding: { said: 'no-baseline' } });
    expect(reportOf(facts({ from: '2026-04', to: '2026-06' })).items[0]!.finding).toMatchObject({ said: 'too-few-months' });
    expect(monthsBefore('2026-02')).toEqual(['2025-11', '2025-12', '2026-01']);
  });

  it('P18: leaves a sum over months empty where one of them is hidden, and the share with it', () => {
    const cell = (month: string, value: number | null) => ({ practice: 'summit', month, numerator: null, denominator: null, value });
    const ofUse = (july: number | null) => reportOf(facts({ cells: { ...none, 'shared-offered': [cell('2026-06', 600), cell('2026-07', 300)], 'shared-used': [cell('2026-06', 0.5), cell('2026-07', july)] } })).items[1]!.contribution;
    expect(ofUse(0.2)).toMatchObject({ openedHours: 15, usedHours: 6, usedShare: 0.4 });
    expect(ofUse(null)).toMatchObject({ openedHours: 15, usedHours: null, usedShare: null });
  });

  it('P18: shows no line of own visits under eleven and none of others that is hidden in all months, and does not depend on the order in which numbers come', () => {
    const practice = fc.constantFrom('harbor', 'summit');
    const cell: fc.Arbitrary<ReportCell> = fc.record({ practice, service: fc.constantFrom('dermatology', 'cardiology'), month: fc.constantFrom(...months), numerator: fc.constant(null), denominator: fc.constant(null), value: fc.option(fc.integer({ min: 0, max: 90 })) });
    const cells = fc.uniqueArray(cell, { maxLength: 20, selector: (one) => `${one.practice}/${one.service}/${one.month}` });
    const visit: fc.Arbitrary<SharedMonth> = fc.record({ host: practice, booking: practice, service: fc.constant('dermatology'), own: fc.boolean(), visits: fc.option(fc.integer({ min: 0, max: 14 })) }).map((one) => ({ ...one, own: one.host === 'harbor' || one.booking === 'harbor', visits: one.visits === null || one.host === 'harbor' || one.booking === 'harbor' ? one.visits : 10 }));
    const shuffled = <T>(all: readonly T[]) => fc.shuffledSubarray([...all], { minLength: all.length });
    fc.assert(fc.property(fc.tuple(cells, cells, fc.array(visit)).chain(([alone, together, visits]) => fc.tuple(fc.constant([alone, together, visits] as const), shuffled(alone), shuffled(together), shuffled(visits))), ([[alone, together, visits], ...mixed]) => {
      const report = reportOf(facts({ cells: { ...none, 'third-next-available': alone, 'third-next-available-with-partners': together }, visits }));
      expect(report.use.every((line) => line.visits >= (line.host === 'harbor' || line.booking === 'harbor' ? 11 : 10))).toBe(true);
      expect(reportOf(facts({ cells: { ...none, 'third-next-available': mixed[0], 'third-next-available-with-partners': mixed[1] }, visits: mixed[2] }))).toEqual(report);
    }));
  });
});
