import { practiceId, serviceCode } from '@slotmesh/contracts';
import { parseLocalDate } from '@slotmesh/kernel';
import fc from 'fast-check';
import { type KnownLender, type KnownService, knownInputs } from './known-quotas';
import { normalQuantile } from './normal-quantile';
import { scenarioOf } from './scenario';

const frame = { firstWeek: parseLocalDate('2026-12-07'), weeks: 2, demandQuantile: 0.8, mostOwnUnmetShare: null, reciprocityHours: 40, mostLentHours: null, lendableShare: 0.2 };
const service = (over: Partial<KnownService> = {}): KnownService => ({ service: serviceCode.parse('skin-check'), requests: 260, searches: 20, visits: 200, calledOff: 20, minutes: 6_000, visitMinutes: 30, ahead: [1_200, 1_200], ...over });
const lender = (id: string, over: Partial<KnownLender> = {}): KnownLender => ({ practice: practiceId.parse(id), weeks: 13, days: 65, statedTo: parseLocalDate('2027-01-31'), ahead: [{ minutes: 1_200, days: 5 }, { minutes: 600, days: 3 }], services: [service()], ...over });
const both = (over: Partial<KnownService> = {}) => [lender('harbor', { services: [service(over)] }), lender('summit')];

describe('inputs of a quota plan from what is known', () => {
  it('takes slots from stated time and demand from the last weeks, as counted by hand', () => {
    const { practices } = knownInputs(both(), frame, 0.5, null);
    // A tenth is called off and asked for again: 234 of 260 requests, 21 steps of eleven, are 17.8 a week; the second week has three of five days. 1,200 and 600 minutes are 40 and 20 half hours.
    expect(practices.map(({ practice, services }) => [practice, services])).toEqual(['harbor', 'summit'].map((practice) => [practice, [{ service: 'skin-check', minutes: 30, lendableShare: 0.2, capacity: [40, 20], demand: [18, 11] }]]));
    // 18 and 0.84 standard deviations of chance.
    expect(knownInputs(both(), frame, 0.8, null).practices[0]?.services[0]?.demand).toEqual([21, 14]);
  });

  it('divides time in which services overlap as their visits were', () => {
    const echo = service({ service: serviceCode.parse('echo'), minutes: 2_000, visitMinutes: 60, ahead: [1_200, 100] });
    const { practices } = knownInputs([lender('harbor', { services: [service(), echo] }), lender('summit')], frame, 0.5, null);
    expect(practices[0]?.services.map(({ service: code, capacity }) => [code, capacity])).toEqual([['skin-check', [30, 15]], ['echo', [5, 1]]]);
  });

  it('takes the own demand as it is forecast, less what is asked for twice', () => {
    const own = { practice: practiceId.parse('harbor'), of: new Map([[serviceCode.parse('skin-check'), { kind: 'weeks' as const, weeks: [28, 14], errors: Array.from({ length: 99 }, (_, n) => n / 10) }]]) };
    // 234 first requests of 280 with searches; at 0.8 the error that 60 of 100 weeks stayed within, 5.9 more.
    expect(knownInputs(both(), frame, 0.5, own).practices[0]?.services[0]?.demand).toEqual([23, 12]);
    expect(knownInputs(both(), frame, 0.8, own).practices.map(({ services }) => services[0]?.demand)).toEqual([[28, 17], [21, 14]]);
  });

  it('P18: of a partner it tells no fewer than eleven requests apart', () => {
    const demandWith = (requests: number) => knownInputs(both({ requests, calledOff: 0 }), frame, 0.8, null).practices[0]?.services[0]?.demand;
    fc.assert(fc.property(fc.integer({ min: 11, max: 400 }), (requests) => {
      expect(demandWith(requests)).toEqual(demandWith(Math.round(requests / 11) * 11));
    }));
  });

  it('says by name what is missing and what to do, of a partner no count', () => {
    const refused = (known: readonly KnownLender[], over = {}): string => { try { knownInputs(known, { ...frame, ...over }, 0.8, { practice: practiceId.parse('harbor'), of: new Map() }); return 'taken'; } catch (error) { return error instanceof Error ? error.message : ''; } };
    expect(refused([lender('harbor', { weeks: 3 }), lender('summit', { weeks: 7 })])).toContain('Your practice has scheduled time in 3 of the last 13 weeks; 8 are needed. Practice summit has scheduled time in fewer than 8 of the last 13 weeks; 8 are needed. Leave it out with "leaveOut": ["summit"].');
    expect(refused([lender('harbor'), lender('summit', { statedTo: parseLocalDate('2026-12-13') })])).toContain('Practice summit has stated its time up to 2026-12-13; the plan ends on 2026-12-20. Ask for fewer weeks');
    expect(refused([lender('harbor')])).toContain('No other practice');
    expect(refused(both(), { services: [serviceCode.parse('echo')] })).toContain('None of echo was asked for');
    expect(refused(both(), { services: ['skin-check', 'echo', 'ekg'].map((one) => serviceCode.parse(one)) })).toContain('None of echo, ekg was asked for at any practice as often as 11 times in the last 13 weeks. Take it out of "services".');
    expect(refused([lender('harbor'), lender('summit', { services: [] })])).toContain('Fewer than two practices');
  });

  it('holds what is lent against other demand: what was lent is gone for the lender too', () => {
    const inputs = knownInputs(both(), frame, 0.5, null);
    const lend = { lender: practiceId.parse('harbor'), borrower: practiceId.parse('summit'), service: serviceCode.parse('skin-check'), week: 0, slots: 30 };
    expect(scenarioOf(inputs, [lend])).toEqual({ demandQuantile: 0.5, unmetWithout: 0, unmetWith: 8 });
    expect(scenarioOf(inputs, [])).toEqual({ demandQuantile: 0.5, unmetWithout: 0, unmetWith: 0 });
  });

  it('knows quantiles of the normal distribution from tables', () => {
    expect([0.5, 0.8, 0.95, 0.99, 0.2].map((p) => normalQuantile(p))).toEqual([0, 0.8416, 1.6449, 2.3263, -0.8416].map((value) => expect.closeTo(value, 3)));
    expect(() => normalQuantile(1)).toThrow(RangeError);
  });
});
