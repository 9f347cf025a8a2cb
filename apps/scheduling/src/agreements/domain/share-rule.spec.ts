import {
  addDays, type AgreementId, DAY, HOUR, type Instant, instant, instantOf, type LocalDate, type LocalTime, MINUTE, parseInstant, parseZone, plusMs, type PracticeId, type ProviderId, type ServiceCode, type SiteId, type VisitTypeId,
} from '@slotmesh/kernel';
import fc from 'fast-check';
import { OVER_ALL } from './over-all';
import { type Agreement, decideSharing, type OnlyFor, type ShareFacts, type ShareRequest, type ShareRule, unknownVisitor, type Visitor } from './share-rule';

const [harbor, summit, desert, lakeside] = ['harbor', 'summit', 'desert', 'lakeside'].map((code) => code as PracticeId) as [PracticeId, PracticeId, PracticeId, PracticeId];
const denver = parseZone('America/Denver');
const monday = '2026-11-30' as LocalDate;
const now = parseInstant('2026-11-23T18:00:00Z');
const on = (date: LocalDate, time: string): Instant => instantOf(date, time as LocalTime, denver);

const open: ShareRule = {
  id: 'r1', host: summit, partners: null, visitTypes: null, services: null, sites: null, providers: null,
  opensDaysBefore: null, returnsHoursBefore: null, dailyQuota: null, blackoutDates: [], hours: null,
};
const agreement = (rules: ShareRule[], more: Partial<Agreement> = {}): Agreement => ({
  id: 'a1' as AgreementId, version: 3, practices: [harbor, summit], from: plusMs(now, -30 * DAY), until: null, blackoutDates: [], rules, ...more,
});
const request: ShareRequest = { booking: harbor, host: summit, visitType: 'derm-30' as VisitTypeId, service: 'dermatology-consult' as ServiceCode, site: 'denver' as SiteId, provider: 'dr-a' as ProviderId, start: on(monday, '10:00'), zone: denver, visitor: unknownVisitor, providerTakes: null, asksFirst: null };
const facts = (used = 0, at: Instant = now, more: Partial<ShareFacts> = {}): ShareFacts => ({ now: at, used: () => used, ownWaiting: () => false, firstOwnStart: () => at, visitsThatFit: () => 0, ...more });
const answer = (rules: ShareRule[], asked: Partial<ShareRequest> = {}, known: ShareFacts = facts(), more: Partial<Agreement> = {}): string => {
  const decision = decideSharing({ ...request, ...asked }, [agreement(rules, more)], known);
  return decision.allowed ? 'yes' : decision.reason.code;
};

// Whole small worlds, so that rules meet requests often.
const practice = fc.constantFrom(harbor, summit, desert);
const maybe = <T>(value: fc.Arbitrary<T>): fc.Arbitrary<T | null> => fc.oneof({ weight: 5, arbitrary: fc.constant(null) }, { weight: 1, arbitrary: value });
const few = <T>(...values: T[]): fc.Arbitrary<T[] | null> => maybe(fc.subarray(values));
const date = fc.integer({ min: -2, max: 20 }).map((n) => addDays(monday, n));
const time = fc.constantFrom('00:00', '06:00', '08:00', '12:00', '17:00', '24:00').map((text) => text as LocalTime);
const anyRule: fc.Arbitrary<ShareRule> = fc.record({
  id: fc.uuid(), host: practice, partners: few(harbor, summit, desert), visitTypes: few('derm-30', 'skin-15').map((v) => v as VisitTypeId[] | null), services: few('dermatology-consult', 'skin-check').map((v) => v as ServiceCode[] | null),
  sites: few('denver', 'boulder').map((v) => v as SiteId[] | null), providers: few('dr-a', 'dr-b').map((v) => v as ProviderId[] | null),
  opensDaysBefore: maybe(fc.integer({ min: 0, max: 14 })), returnsHoursBefore: maybe(fc.integer({ min: 0, max: 96 })), dailyQuota: maybe(fc.integer({ min: 0, max: 4 })),
  blackoutDates: fc.array(date, { maxLength: 2 }), hours: maybe(fc.array(fc.record({ weekdays: few(1, 2, 3, 4, 5, 6, 7), from: time.filter((t) => t !== '24:00'), to: time }), { maxLength: 2 })),
  weeklyQuota: maybe(fc.integer({ min: 0, max: 6 })), dailySharePercent: maybe(fc.integer({ min: 0, max: 100 })), networkDaysBefore: maybe(fc.integer({ min: 0, max: 14 })), ownFirstDays: maybe(fc.integer({ min: 0, max: 10 })),
  guardDays: maybe(fc.integer({ min: 0, max: 10 })), leastPerDay: maybe(fc.integer({ min: 1, max: 4 })), onlyFor: maybe(fc.subarray<OnlyFor>(['new-patients', 'referrals'], { minLength: 1 })),
  notPayers: fc.subarray(['medicaid', 'self-pay']).map((all) => all.slice(0, 1)), noContract: fc.constant(['medicaid', 'self-pay']),
});
const anyInstant = fc.integer({ min: -20, max: 40 * 24 }).map((hours) => plusMs(now, hours * HOUR));
const anyAgreement: fc.Arbitrary<Agreement> = fc.record({
  id: fc.uuid().map((id) => id as AgreementId), version: fc.integer({ min: 1, max: 9 }), practices: fc.subarray([harbor, summit, desert], { minLength: 2 }),
  from: fc.oneof(anyInstant, fc.constant(plusMs(now, -90 * DAY))), until: maybe(anyInstant), blackoutDates: fc.array(date, { maxLength: 1 }), neighbours: fc.array(fc.subarray([harbor, summit, desert], { minLength: 2 }), { maxLength: 1 }), rules: fc.array(anyRule, { maxLength: 4 }),
});
/** One agreement: each version is in force until the next begins. Rules keep their ids over versions more often than not. */
const anyVersions: fc.Arbitrary<Agreement[]> = fc.tuple(fc.array(anyAgreement, { minLength: 1, maxLength: 4 }), fc.boolean()).map(([all, sameRules]) => {
  const begins = all.map(({ from }) => from).sort((a, b) => a - b);
  return all.map((one, i) => ({
    ...one, id: all[0]!.id, version: i + 1, from: begins[i]!, until: begins[i + 1] ?? one.until, rules: one.rules.map((rule, n) => (sameRules ? { ...rule, id: `rule-${n}` } : rule)),
  })).filter(({ from, until }) => until === null || from < until);
}).filter(({ length }) => length > 0);
const anyRequest: fc.Arbitrary<ShareRequest> = fc.record({
  booking: practice, host: practice, visitType: fc.constantFrom('derm-30', 'skin-15').map((v) => v as VisitTypeId), service: fc.constantFrom('dermatology-consult', 'skin-check').map((v) => v as ServiceCode),
  site: fc.constantFrom('denver', 'boulder').map((v) => v as SiteId), provider: fc.constantFrom('dr-a', 'dr-b').map((v) => v as ProviderId), start: anyInstant,
  zone: fc.constantFrom('America/Denver', 'America/Phoenix', 'Australia/Lord_Howe', 'America/New_York').map(parseZone),
  providerTakes: maybe(fc.integer({ min: 0, max: 4 })), asksFirst: maybe(fc.record({ withinHours: fc.integer({ min: 1, max: 168 }), noticeMinutes: fc.constantFrom(0, 30, 120, 2_880) })),
  visitor: fc.record<Visitor>({ newPatient: fc.constantFrom(true, false, null), referral: fc.constantFrom(true, false, null), payer: fc.constantFrom('medicaid', 'medicare', null) }),
});
const anyFacts: fc.Arbitrary<ShareFacts> = fc.record({
  now: fc.oneof(fc.constant(now), anyInstant), used: fc.integer({ min: 0, max: 4 }).map((used) => () => used), ownWaiting: fc.boolean().map((waits) => () => waits),
  firstOwnStart: maybe(anyInstant).map((first) => () => first), visitsThatFit: fc.integer({ min: 0, max: 20 }).map((fit) => () => fit),
});
const allowed = (asked: ShareRequest, agreements: readonly Agreement[], known: ShareFacts): boolean => decideSharing(asked, agreements, known).allowed;

describe('sharing', () => {
  it("P7: one's own calendar is always open, whatever the agreements say", () => {
    fc.assert(fc.property(anyRequest, fc.array(anyAgreement, { maxLength: 3 }), anyFacts, (asked, agreements, known) => expect(allowed({ ...asked, booking: asked.host }, agreements, known)).toBe(true)));
  });

  it('P7: without an agreement, or with one between others, nothing is open', () => {
    expect(decideSharing(request, [], facts())).toEqual({ allowed: false, reason: { code: 'no-agreement', message: "not offered: no agreement shares summit's time with harbor" } });
    expect(answer([open], { booking: lakeside })).toBe('no-agreement');
    expect(answer([open], { host: desert }, facts(), { practices: [summit, harbor] })).toBe('no-agreement');
  });

  it('P7: where data of patients may no longer go for bookings, no time is open, and it is said why', () => {
    expect(answer([open], {}, facts(), { dataSharedUntil: plusMs(now, 1) })).toBe('yes');
    expect(answer([open], {}, facts(), { dataSharedUntil: now })).toBe('data-not-shared');
    expect(answer([open], {}, facts(), { dataSharedUntil: 0 as Instant })).toBe('data-not-shared');
  });

  it('P7: an agreement without a rule that covers the visit opens nothing', () => {
    expect(answer([])).toBe('not-covered');
    expect(answer([open])).toBe('yes');
    expect(answer([{ ...open, host: harbor }])).toBe('not-covered');
    expect(answer([{ ...open, partners: [desert] }])).toBe('not-covered');
    expect(answer([{ ...open, services: ['skin-check' as ServiceCode] }])).toBe('not-covered');
    expect(answer([{ ...open, services: ['skin-check' as ServiceCode], visitTypes: ['derm-30' as VisitTypeId] }])).toBe('yes');
    expect(answer([{ ...open, sites: ['boulder' as SiteId] }])).toBe('not-covered');
    expect(answer([{ ...open, providers: [] }])).toBe('not-covered');
  });

  it('P7: expired or future agreements open nothing, to the millisecond, and none opens a visit beyond its end', () => {
    const until = { until: plusMs(now, 20 * DAY) };
    expect(answer([open], {}, facts(0, plusMs(until.until, -1)), until)).toBe('yes');
    expect(answer([open], {}, facts(0, until.until), until)).toBe('not-in-force');
    expect(answer([open], {}, facts(), { from: plusMs(now, 1) })).toBe('not-in-force');
    expect(answer([open], { start: until.until }, facts(), until)).toBe('ends-before-visit');
    expect(answer([open], { start: plusMs(now, -31 * DAY) })).toBe('ends-before-visit');
    fc.assert(fc.property(anyRequest, fc.array(anyAgreement, { maxLength: 4 }), anyFacts, (asked, agreements, known) => {
      fc.pre(asked.booking !== asked.host);
      const live = (a: Agreement): boolean => a.from <= known.now && (a.until === null || known.now < a.until);
      expect(allowed(asked, agreements, known)).toBe(allowed(asked, agreements.filter(live), known));
      expect(allowed(asked, agreements.filter((a) => !live(a)), known)).toBe(false);
    }), { numRuns: 1_000 });
  });

  it('P7: time opens to partners on the wall date N days before and returns to its owner M hours before', () => {
    const rule = { ...open, opensDaysBefore: 7, returnsHoursBefore: 48 };
    const opens = on(addDays(monday, -7), '00:00');
    expect(answer([rule], {}, facts(0, instant(opens - 1)))).toBe('not-yet-open');
    expect(answer([rule], {}, facts(0, opens))).toBe('yes');
    expect(answer([rule], {}, facts(0, instant(request.start - 48 * HOUR - 1)))).toBe('yes');
    expect(answer([rule], {}, facts(0, instant(request.start - 48 * HOUR)))).toBe('returned-to-owner');
  });

  it("P7: the daily quota counts dates of the site, and the refusal is a sentence for a desk", () => {
    const rule = { ...open, dailyQuota: 4 };
    const asked: LocalDate[] = [];
    const known: ShareFacts = { ...facts(), used: ({ date: day }) => asked.push(day) && 3 };
    const late = { ...request, start: on(monday, '23:30') };
    expect(decideSharing(late, [agreement([rule])], known)).toEqual({ allowed: true, agreement: { id: 'a1', version: 3 }, rule, quotas: [{ agreement: 'a1', rule: 'r1', period: 'day', date: monday, quota: 4 }], conditions: [], approveBy: null });
    expect(asked).toEqual([monday]);
    const refused = decideSharing(request, [agreement([rule])], facts(4));
    expect(refused).toEqual({ allowed: false, reason: { code: 'quota-used', message: "not offered: summit's daily quota of 4 is used" } });
  });

  it("P7: a blackout is the site's local date, not the date in UTC", () => {
    const rule = { ...open, blackoutDates: [monday] };
    expect(answer([rule], { start: on(monday, '23:30') })).toBe('blackout');
    expect(answer([rule], { start: on(addDays(monday, 1), '00:00') })).toBe('yes');
    expect(answer([open], {}, facts(), { blackoutDates: [monday] })).toBe('blackout');
  });

  it('P7: shared hours are wall time and may run over midnight', () => {
    const rule = { ...open, hours: [{ weekdays: [1], from: '18:00' as LocalTime, to: '02:00' as LocalTime }] };
    expect(answer([rule], { start: on(monday, '17:59') })).toBe('outside-shared-hours');
    expect(answer([rule], { start: on(monday, '18:00') })).toBe('yes');
    expect(answer([rule], { start: on(addDays(monday, 1), '01:59') })).toBe('yes');
    expect(answer([rule], { start: on(addDays(monday, 1), '02:00') })).toBe('outside-shared-hours');
    expect(answer([rule], { start: on(monday, '01:00') })).toBe('outside-shared-hours');
    const day = { ...open, hours: [{ weekdays: [1], from: '08:00' as LocalTime, to: '17:00' as LocalTime }] };
    expect([monday, addDays(monday, 1)].map((date) => answer([day], { start: on(date, '09:00') }))).toEqual(['yes', 'outside-shared-hours']);
  });

  describe('successive versions of one agreement', () => {
    const change = plusMs(now, 5 * DAY);
    const versions = (before: ShareRule[], after: ShareRule[], more: Partial<Agreement> = {}): Agreement[] => [agreement(before, { until: change }), agreement(after, { version: 4, from: change, ...more })];
    const decided = (all: readonly Agreement[], known: ShareFacts = facts()) => decideSharing(request, all, known);
    const code = (all: readonly Agreement[], known?: ShareFacts): string => { const decision = decided(all, known); return decision.allowed ? `yes, by version ${decision.agreement!.version}` : decision.reason.code; };

    it('P7: a visit behind the change is let pass by both, and named after the one in force now', () => {
      expect(code(versions([open], [open]))).toBe('yes, by version 3');
      expect(code(versions([open], [open]), facts(0, change))).toBe('yes, by version 4');
      expect(code(versions([open], []))).toBe('not-covered');
      expect(code(versions([], [open]))).toBe('not-covered');
      expect(code(versions([open], [{ ...open, blackoutDates: [monday] }]))).toBe('blackout');
      expect(code(versions([open], [open], { blackoutDates: [monday] }))).toBe('blackout');
      expect(code(versions([open], [open], { practices: [summit, desert] }))).toBe('ends-before-visit');
      expect(code(versions([open], [open], { until: plusMs(change, DAY) }))).toBe('ends-before-visit');
      expect(code([agreement([open], { from: change })])).toBe('not-in-force');
    });

    it('P7: an amendment that widens opens nothing before it is in force', () => {
      fc.assert(fc.property(anyRequest, anyVersions, anyVersions, anyFacts, (asked, all, others, known) => {
        fc.pre(asked.booking !== asked.host);
        const alone = all.filter(({ from, until }) => from <= known.now && (until === null || known.now < until));
        if (alone.length === 0) expect(allowed(asked, all, known)).toBe(false);
        // Whatever is to come: who could not have it under today's version for ever, cannot have it now.
        const future = others.map((one, i) => ({ ...one, id: all[0]!.id, version: 100 + i })).filter(({ from }) => from > known.now);
        const forever = alone.map((one) => ({ ...one, until: null }));
        if (allowed(asked, [...alone, ...future], known)) expect(allowed(asked, forever, known)).toBe(true);
      }), { numRuns: 2_000 });
    });

    it('P7: a version that can be in force neither now nor at the visit says nothing, and a further one that is only narrows', () => {
      fc.assert(fc.property(anyRequest, anyVersions, anyFacts, (asked, all, known) => {
        const at = (when: Instant) => ({ from, until }: Agreement): boolean => from <= when && (until === null || when < until);
        const binding = all.filter((one) => at(known.now)(one) || at(asked.start)(one));
        expect(decideSharing(asked, binding, known).allowed).toBe(allowed(asked, all, known));
        expect(decideSharing(asked, [...all].reverse(), known)).toEqual(decideSharing(asked, all, known));
        if (binding.length < 2 || !allowed(asked, all, known)) return;
        for (const one of binding) expect(allowed(asked, [{ ...one, from: plusMs(now, -400 * DAY), until: null }], known)).toBe(true);
      }), { numRuns: 2_000 });
    });

    it('P7: both count by one row for one rule, and the smaller limit holds', () => {
      const quotas = (before: number | null, after: number | null, used = 0) => { const decision = decided(versions([{ ...open, dailyQuota: before }], [{ ...open, dailyQuota: after }, { ...open, id: 'r0', dailyQuota: 9 }]), facts(used)); return decision.allowed ? decision.quotas : decision.reason.message; };
      expect(quotas(4, 2)).toEqual([{ agreement: 'a1', rule: 'r0', period: 'day', date: monday, quota: 9 }, { agreement: 'a1', rule: 'r1', period: 'day', date: monday, quota: 2 }]);
      expect(quotas(2, 4)).toEqual([{ agreement: 'a1', rule: 'r0', period: 'day', date: monday, quota: 9 }, { agreement: 'a1', rule: 'r1', period: 'day', date: monday, quota: 2 }]);
      expect(quotas(null, 4)).toEqual([{ agreement: 'a1', rule: 'r0', period: 'day', date: monday, quota: 9 }, { agreement: 'a1', rule: 'r1', period: 'day', date: monday, quota: 4 }]);
      expect(quotas(4, 2, 2)).toBe("not offered: summit's daily quota of 2 is used");
    });
  });

  it('P7: all quotas of the rules that cover a visit are claimed together', () => {
    const rules = [{ ...open, dailyQuota: 9 }, { ...open, id: 'r0', sites: [request.site], dailyQuota: 2 }, { ...open, id: 'r3', sites: ['boulder' as SiteId], dailyQuota: 1 }];
    const decision = decideSharing(request, [agreement(rules)], facts(1));
    expect(decision.allowed && decision.quotas.map((q) => q.rule)).toEqual(['r0', 'r1']);
  });

  it('P7: of several rules that cover a visit the narrowest window, quota, hours and every blackout count', () => {
    const second = { ...open, id: 'r2' };
    const opens = facts(0, on(addDays(monday, -5), '12:00'));
    expect(answer([{ ...open, opensDaysBefore: 14 }, { ...second, opensDaysBefore: 3 }], {}, opens)).toBe('not-yet-open');
    expect(answer([{ ...open, opensDaysBefore: 14 }, { ...second, opensDaysBefore: 5 }], {}, opens)).toBe('yes');
    expect(answer([{ ...open, returnsHoursBefore: 24 }, { ...second, returnsHoursBefore: 200 }], {}, opens)).toBe('returned-to-owner');
    expect(answer([{ ...open, dailyQuota: 9 }, { ...second, dailyQuota: 2 }], {}, facts(2))).toBe('quota-used');
    expect(answer([{ ...open, blackoutDates: [monday] }, second])).toBe('blackout');
    expect(answer([open, { ...second, hours: [{ weekdays: [2], from: '08:00' as LocalTime, to: '17:00' as LocalTime }] }])).toBe('outside-shared-hours');
  });

  it('P7: a week of the site begins on Monday and has a quota of its own beside that of the day', () => {
    const rule = { ...open, dailyQuota: 9, weeklyQuota: 20 };
    const sunday = addDays(monday, 6);
    const decision = decideSharing({ ...request, start: on(sunday, '23:30') }, [agreement([rule])], facts(8));
    expect(decision).toMatchObject({ quotas: [{ agreement: 'a1', rule: 'r1', period: 'day', date: sunday, quota: 9 }, { agreement: 'a1', rule: 'r1', period: 'week', date: monday, quota: 20 }] });
    const full = decideSharing(request, [agreement([rule])], facts(0, now, { used: ({ period }) => (period === 'week' ? 20 : 0) }));
    expect(full).toEqual({ allowed: false, reason: { code: 'quota-used', message: "not offered: summit's weekly quota of 20 is used" } });
  });

  it('P7: a provider narrows what agreements let in, and is counted over all of them', () => {
    const takes = (providerTakes: number, used: number) => decideSharing({ ...request, providerTakes }, [agreement([{ ...open, dailyQuota: 9 }])], facts(0, now, { used: ({ agreement: of, rule }) => (of === OVER_ALL && rule === 'provider/dr-a' ? used : 0) }));
    expect(takes(2, 1)).toMatchObject({ quotas: [{ agreement: OVER_ALL, rule: 'provider/dr-a', period: 'day', date: monday, quota: 2 }, { agreement: 'a1', rule: 'r1', quota: 9 }] });
    expect(takes(2, 2)).toEqual({ allowed: false, reason: { code: 'quota-used', message: 'not offered: the provider takes 2 partner visits a day, and summit has them' } });
    expect(decideSharing({ ...request, providerTakes: 9 }, [], facts())).toMatchObject({ allowed: false, reason: { code: 'no-agreement' } });
    fc.assert(fc.property(anyRequest, fc.array(anyAgreement, { maxLength: 2 }), anyFacts, (asked, agreements, known) => {
      if (allowed(asked, agreements, known)) expect(allowed({ ...asked, providerTakes: null }, agreements, known)).toBe(true);
    }), { numRuns: 1_000 });
  });

  it('P7: a share of the day counts like a daily quota, rounded down, and the smaller of the two holds', () => {
    const shared = (dailySharePercent: number, dailyQuota: number | null, fit: number): number | null => {
      const decision = decideSharing(request, [agreement([{ ...open, dailySharePercent, dailyQuota }])], facts(0, now, { visitsThatFit: () => fit }));
      return decision.allowed ? (decision.quotas[0]?.quota ?? null) : null;
    };
    expect([shared(20, null, 17), shared(20, 2, 17), shared(50, 9, 17), shared(20, null, 4), shared(100, null, 0)]).toEqual([3, 2, 8, null, null]);
  });

  it('P7: neighbours come before the rest of the network', () => {
    const tiers = { ...open, opensDaysBefore: 14, networkDaysBefore: 3 };
    const near = { neighbours: [[summit, harbor]] };
    expect(answer([tiers], {}, facts(), near)).toBe('yes');
    expect(decideSharing(request, [agreement([tiers])], facts())).toEqual({ allowed: false, reason: { code: 'not-yet-open', message: `not offered: summit opens this time to its neighbours first, to others 3 days before, on ${addDays(monday, -3)}` } });
    expect(answer([tiers], {}, facts(0, on(addDays(monday, -3), '00:00')))).toBe('yes');
    expect(answer([tiers], {}, facts(0, on(addDays(monday, -15), '00:00')), near)).toBe('not-yet-open');
  });

  it('P7: while own patients wait only what is too near for them is shared, above the floor that was agreed', () => {
    const rule = { ...open, ownFirstDays: 6 };
    const waits = (more: Partial<ShareRule> = {}, used = 0, ownWaiting = true, days = 7): string => answer([{ ...rule, ...more }], {}, facts(used, on(addDays(monday, -days), '12:00'), { ownWaiting: () => ownWaiting }));
    expect([waits(), waits({}, 0, false), waits({}, 0, true, 6), waits({ leastPerDay: 2 }, 1), waits({ leastPerDay: 2 }, 2)]).toEqual(['own-patients-first', 'yes', 'yes', 'yes', 'own-patients-first']);
    const refused = decideSharing(request, [agreement([rule])], facts(0, now, { ownWaiting: () => true }));
    expect(refused).toMatchObject({ reason: { message: "not offered: summit's own patients wait for this service and come first" } });
  });

  it('P7: nothing is lent while own patients wait longer than was agreed', () => {
    const guarded = (firstOwnStart: Instant | null, more: Partial<ShareRule> = {}): string => answer([{ ...open, guardDays: 3, ...more }], {}, facts(0, now, { firstOwnStart: () => firstOwnStart }));
    const today = '2026-11-23' as LocalDate;
    expect([guarded(on(addDays(today, 3), '23:59')), guarded(on(addDays(today, 4), '00:00')), guarded(null), guarded(null, { leastPerDay: 1 })]).toEqual(['yes', 'lender-guard', 'lender-guard', 'yes']);
    const refused = decideSharing(request, [agreement([{ ...open, guardDays: 3 }])], facts(0, now, { firstOwnStart: () => null }));
    expect(refused).toMatchObject({ reason: { message: 'not offered: summit lends no time while its own patients wait longer than 3 days for one' } });
  });

  it('P7: who may come is a condition as long as it is not known, and decided as soon as it is', () => {
    const comes = (rules: Partial<ShareRule>[], visitor: Partial<Visitor> = {}) => {
      const decision = decideSharing({ ...request, visitor: { ...unknownVisitor, ...visitor } }, [agreement(rules.map((rule, i) => ({ ...open, id: `r${i}`, ...rule })))], facts());
      return decision.allowed ? decision.conditions : decision.reason.message;
    };
    const either: Partial<ShareRule> = { onlyFor: ['referrals', 'new-patients'] };
    expect(comes([{ onlyFor: ['new-patients'] }])).toEqual(['only for new patients']);
    expect(comes([{ onlyFor: ['new-patients'] }], { newPatient: true })).toEqual([]);
    expect(comes([{ onlyFor: ['new-patients'] }], { newPatient: false })).toBe('not offered: summit shares this time only for new patients');
    expect(comes([either], { newPatient: false })).toEqual(['only for new patients or with a referral']);
    expect(comes([either], { newPatient: false, referral: true })).toEqual([]);
    expect(comes([either], { newPatient: false, referral: false })).toBe('not offered: summit shares this time only for new patients or with a referral');
    expect(comes([either, { onlyFor: ['referrals'] }], { newPatient: true, referral: false })).toBe('not offered: summit shares this time only with a referral');
    expect(comes([{ notPayers: ['medicaid'] }])).toEqual(['not with medicaid']);
    expect(comes([{ notPayers: ['medicaid'] }], { payer: 'medicare' })).toEqual([]);
    expect(comes([{ notPayers: ['medicaid'] }], { payer: 'medicaid' })).toBe("not offered: summit has no contract with the patient's payer");
    fc.assert(fc.property(anyRequest, fc.array(anyAgreement, { maxLength: 2 }), anyFacts, (asked, agreements, known) => {
      // What is known can only refuse what was shown with a condition, never let in what was not shown.
      if (allowed(asked, agreements, known)) expect(allowed({ ...asked, visitor: unknownVisitor }, agreements, known)).toBe(true);
    }), { numRuns: 1_000 });
  });

  it('P7: a rule only narrows what the others of its agreement opened', () => {
    fc.assert(fc.property(anyRequest, anyAgreement, anyRule, anyFacts, (asked, a, extra, known) => {
      fc.pre(a.rules.length > 0);
      const before = decideSharing(asked, [a], known);
      fc.pre(!before.allowed && before.reason.code !== 'not-covered');
      expect(allowed(asked, [{ ...a, rules: [...a.rules, extra] }], known)).toBe(false);
    }), { numRuns: 1_000 });
  });

  it('P7: a field that is filled in only narrows its own rule', () => {
    const narrowings: readonly ((rule: ShareRule, by: ShareRule) => Partial<ShareRule>)[] = [
      (_, by) => ({ opensDaysBefore: by.opensDaysBefore }), (_, by) => ({ returnsHoursBefore: by.returnsHoursBefore }), (_, by) => ({ dailyQuota: by.dailyQuota }), (_, by) => ({ hours: by.hours }),
      (_, by) => ({ sites: by.sites }), (_, by) => ({ providers: by.providers }), (_, by) => ({ partners: by.partners }), (rule, by) => ({ blackoutDates: [...rule.blackoutDates, ...by.blackoutDates] }),
      (_, by) => ({ services: by.services }), (_, by) => ({ visitTypes: by.visitTypes }), (_, by) => ({ services: by.services, visitTypes: by.visitTypes }),
      (_, by) => ({ weeklyQuota: by.weeklyQuota }), (_, by) => ({ dailySharePercent: by.dailySharePercent }), (_, by) => ({ networkDaysBefore: by.networkDaysBefore }), (_, by) => ({ ownFirstDays: by.ownFirstDays }), (_, by) => ({ guardDays: by.guardDays }),
      (_, by) => ({ ownFirstDays: by.ownFirstDays, guardDays: by.guardDays, leastPerDay: by.leastPerDay }), (_, by) => ({ onlyFor: by.onlyFor }), (_, by) => ({ notPayers: by.notPayers }), (_, by) => ({ leastPerDay: by.leastPerDay }),
    ];
    fc.assert(fc.property(anyRequest, anyAgreement, anyRule, fc.constantFrom(...narrowings), anyFacts, (asked, a, by, narrow, known) => {
      const wide: ShareRule = { ...open, host: asked.host, id: by.id };
      fc.pre(asked.booking !== asked.host);
      const narrowed = allowed(asked, [{ ...a, rules: [{ ...wide, ...narrow(wide, by) }] }], known);
      if (narrowed) expect(allowed(asked, [{ ...a, rules: [wide] }], known)).toBe(true);
    }), { numRuns: 1_000 });
  });

  it('P7: the order of rules and agreements changes neither the answer nor its reason', () => {
    const worlds = fc.array(anyAgreement, { maxLength: 3 }).chain((agreements) => fc.tuple(fc.constant(agreements), fc.shuffledSubarray(agreements, { minLength: agreements.length }).map((all) => all.map((a) => ({ ...a, rules: [...a.rules].reverse() })))));
    fc.assert(fc.property(anyRequest, worlds, anyFacts, (asked, [agreements, shuffled], known) => expect(decideSharing(asked, shuffled, known)).toEqual(decideSharing(asked, agreements, known))), { numRuns: 1_000 });
  });

  it('P7: whoever is allowed is so by a live agreement of both, a rule that covers the visit, and quotas with room', () => {
    let yes = 0;
    fc.assert(fc.property(anyRequest, fc.array(anyAgreement, { minLength: 1, maxLength: 3 }), anyFacts, (asked, agreements, known) => {
      const decision = decideSharing(asked, agreements, known);
      if (!decision.allowed) return expect(decision.reason.message).toMatch(/^not offered: .+[a-z0-9]$/);
      if (asked.booking === asked.host) return undefined;
      yes += 1;
      const by = agreements.find((a) => a.id === decision.agreement!.id)!;
      expect(by.practices).toEqual(expect.arrayContaining([asked.booking, asked.host]));
      expect(decision.rule!.host).toBe(asked.host);
      for (const quota of decision.quotas) expect(known.used({ host: asked.host, ...quota })).toBeLessThan(quota.quota);
      return undefined;
    }), { numRuns: 7_000 });
    expect(yes).toBeGreaterThan(200);
  });

  it('P7: that a provider answers partners first can only narrow: it lets in nothing more, changes nothing else, and never stands before the own calendar', () => {
    const asksFirst = fc.record({ withinHours: fc.integer({ min: 1, max: 168 }), noticeMinutes: fc.constantFrom(0, 30, 120, 2_880) });
    fc.assert(fc.property(anyRequest, asksFirst, fc.array(anyAgreement, { maxLength: 3 }), anyFacts, (asked, first, agreements, known) => {
      const [plain, asking] = [decideSharing({ ...asked, asksFirst: null }, agreements, known), decideSharing({ ...asked, asksFirst: first }, agreements, known)];
      if (asked.booking === asked.host) return expect(asking).toEqual(plain);
      if (!plain.allowed) return expect(asking.allowed).toBe(false);
      expect(plain.approveBy).toBeNull();
      if (!asking.allowed) return undefined;
      // Why not always the same: of several agreements that allow, the first that still does.
      if (asking.agreement?.id === plain.agreement?.id) expect({ ...asking, approveBy: null }).toEqual(plain);
      const returns = agreements.filter(({ id }) => id === asking.agreement?.id).flatMap(({ rules }) => rules.filter(({ id }) => asking.rule?.id === id)).map(({ returnsHoursBefore }) => returnsHoursBefore ?? 0);
      expect(asking.approveBy).toBeGreaterThanOrEqual(known.now + 15 * MINUTE);
      expect(asking.approveBy).toBeLessThanOrEqual(Math.min(known.now + first.withinHours * HOUR, asked.start - Math.max(60, first.noticeMinutes) * MINUTE, asked.start - Math.max(0, ...returns) * HOUR));
      return undefined;
    }), { numRuns: 3_000 });
  });

  it('P7: an answer is due before the time returns and before the notice, and a time that leaves a quarter of an hour or less is not offered', () => {
    const asking = (hoursAhead: number, first: { withinHours: number; noticeMinutes: number }, rule: Partial<ShareRule> = {}) => {
      const decision = decideSharing({ ...request, start: plusMs(now, hoursAhead * HOUR), asksFirst: first }, [agreement([{ ...open, ...rule }])], facts());
      return decision.allowed ? (decision.approveBy! - now) / MINUTE : decision.reason.code;
    };
    expect(asking(48, { withinHours: 4, noticeMinutes: 120 })).toBe(240);
    expect(asking(5, { withinHours: 4, noticeMinutes: 120 })).toBe(180);
    expect(asking(5, { withinHours: 4, noticeMinutes: 0 })).toBe(240);
    expect(asking(4, { withinHours: 4, noticeMinutes: 0 })).toBe(180);
    expect(asking(48, { withinHours: 24, noticeMinutes: 120 }, { returnsHoursBefore: 36 })).toBe(720);
    expect(asking(1.25, { withinHours: 4, noticeMinutes: 0 })).toBe(15);
    expect(asking(1.2, { withinHours: 4, noticeMinutes: 0 })).toBe('no-time-to-answer');
    expect(asking(36.2, { withinHours: 24, noticeMinutes: 0 }, { returnsHoursBefore: 36 })).toBe('no-time-to-answer');
    expect(asking(36, { withinHours: 24, noticeMinutes: 0 }, { returnsHoursBefore: 36 })).toBe('returned-to-owner');
  });
});
