import { type LocalDate, type PracticeId, addDays, instantOf, parseZone } from '@slotmesh/kernel';
import { moneyTerms } from './persistence/money-terms.schema';
import { type MoneyTerms, type MoneyVersion, agreedOf, beginOf, budgetYearOf, governedBy, moneyOf, periodsOf, requireMoneyMayBecome } from './domain/money-terms';
import type { PeriodCode } from './domain/period';

const [harbor, summit, desert] = ['harbor', 'summit', 'desert'].map((code) => code as PracticeId) as [PracticeId, PracticeId, PracticeId];
const evidence = { document: 'FMV opinion 2026-11', sha256: 'a'.repeat(64), dated: '2026-11-01', expires: '2028-06-30' };
const licences = { id: 'licences', name: 'Licences', yearlyBudgetCents: 1_200_000, method: 'equal' };
const phone = { id: 'phone', name: 'Phone', yearlyBudgetCents: 600_000, method: 'provider-fte', fte: [{ practice: 'summit', hundredths: 300 }, { practice: 'harbor', hundredths: 600 }], evidence };
const rooms = { id: 'rooms', name: 'Room hours', yearlyBudgetCents: 9_000_000, method: 'contracted-hours', providedBy: 'harbor', hours: [{ practice: 'harbor', minutesPerPeriod: 0, centsPerHour: 5_000 }, { practice: 'summit', minutesPerPeriod: 2_401, centsPerHour: 5_000 }], evidence };
const desk = { id: 'desk', name: 'Shared desk', yearlyBudgetCents: 600_000, method: 'fixed', providedBy: 'summit', amounts: [{ practice: 'harbor', centsPerPeriod: 30_000 }, { practice: 'summit', centsPerPeriod: 20_000 }], evidence };
const written = { parties: ['summit', 'harbor'], zone: 'America/New_York', from: '2027-01-01', until: '2028-01-01', period: 'month', costs: [rooms, phone, licences, desk] };
const money = (more: object = {}): MoneyTerms => moneyTerms.parse({ ...written, ...more });
const messages = (given: object): string[] => moneyTerms.safeParse(given).error?.issues.map(({ path, message }) => `${path.join('.')}: ${message}`) ?? [];

const newYork = parseZone('America/New_York');
const on = (date: string) => instantOf(date as LocalDate, '00:00' as never, newYork);
const version = (number: number, from: string, to: string | null, terms: MoneyTerms | null, practices = [harbor, summit]): MoneyVersion => ({ version: number, practices, effectiveFrom: on(from), effectiveTo: to === null ? null : on(to), money: terms });
const codeOf = (versions: readonly MoneyVersion[], period: string, now = '2030-01-01'): number | null => moneyOf(versions, period as PeriodCode, on(now))?.version.version ?? null;

describe('money terms', () => {
  it('keep costs by id and practices by code, whatever the order in which they were written', () => {
    expect(money().costs.map(({ id }) => id)).toEqual(['desk', 'licences', 'phone', 'rooms']);
    expect(money({ costs: [desk, licences, phone, rooms] })).toEqual(money());
  });

  it('last a year at least and begin and end with their periods', () => {
    expect(messages({ ...written, until: '2027-12-01' })).toEqual([expect.stringContaining('365 days after from')]);
    expect(messages({ ...written, from: '2027-01-02', until: '2028-02-01' })).toEqual([expect.stringContaining('first day of a month')]);
    expect(messages({ ...written, period: 'quarter', until: '2028-02-01' })).toEqual([expect.stringContaining('first day of a quarter')]);
    expect(periodsOf(money()).map(({ code }) => code).slice(0, 2)).toEqual(['2027-01', '2027-02']);
    expect(periodsOf(money({ period: 'quarter', until: '2028-04-01' }))).toEqual(['2027-Q1', '2027-Q2', '2027-Q3', '2027-Q4', '2028-Q1'].map((code) => expect.objectContaining({ code })));
    expect(budgetYearOf(money({ until: '2029-01-01' }), '2028-12-31' as LocalDate)).toEqual({ from: '2028-01-01', until: '2029-01-01' });
  });

  it.each(['profit', 'revenue', 'referrals', 'bookings', 'booked-hours', 'per-visit', ''])('P19: a cost is not shared by "%s", and the refusal says why', (method) => {
    expect(() => money({ costs: [{ ...licences, method }] })).toThrow(expect.objectContaining({ code: 'allocation-not-allowed', message: expect.stringContaining('42 USC 1320a-7b(b)') }));
  });

  it('refuse fields that they do not know, equal ids, costs that nobody bears, budgets below what is agreed, and evidence that has run out', () => {
    expect(messages({ ...written, costs: [{ ...licences, perBooking: 500 }] })).toHaveLength(1);
    expect(messages({ ...written, costs: [licences, licences] })).toEqual(['costs.1.id: must differ from the ids of the other costs']);
    expect(messages({ ...written, costs: [{ ...phone, fte: [{ practice: 'harbor', hundredths: 0 }, { practice: 'summit', hundredths: 0 }] }] })).toEqual([expect.stringContaining('part above zero')]);
    expect(messages({ ...written, costs: [{ ...desk, yearlyBudgetCents: 599_999 }] })).toEqual([expect.stringContaining('must be 600000 at least')]);
    expect(messages({ ...written, costs: [{ ...desk, evidence: { ...evidence, expires: '2026-12-31' } }] })).toEqual([expect.stringContaining('before the money terms begin')]);
  });

  it('price contracted hours to the cent, half a cent up', () => {
    expect(agreedOf(money({ costs: [rooms] }).costs[0]!)).toEqual({ providedBy: 'harbor', amount: 200_083 });
  });

  it('name each of their parties in every cost once, and nobody else', () => {
    expect(messages({ ...written, parties: ['harbor', 'summit', 'desert'], costs: [phone] })).toEqual(['costs: must name each of the parties once and nobody else: "phone" leaves out desert']);
    expect(messages({ ...written, costs: [{ ...phone, fte: [...phone.fte, phone.fte[0]] }] })).toEqual([expect.stringContaining('"phone" names summit')]);
    expect(messages({ ...written, costs: [{ ...rooms, providedBy: 'desert' }] })).toEqual([expect.stringContaining('"rooms" is provided by desert')]);
    expect(money({ parties: ['summit', 'harbor', 'summit'] }).parties).toEqual(['harbor', 'summit']);
  });
});

describe('amendments of money terms', () => {
  const running = [version(1, '2026-12-15', null, money())];
  const become = (after: MoneyTerms | null, from: string, practices = [harbor, summit]) => () => requireMoneyMayBecome(running, after, practices, on(from));
  const dearer = { ...desk, amounts: [{ practice: 'harbor', centsPerPeriod: 30_001 }, { practice: 'summit', centsPerPeriod: 19_999 }] };

  it('leave running prices as they are until they end, and may renew evidence', () => {
    expect(become(money(), '2027-06-01')).not.toThrow();
    expect(become(money({ costs: [rooms, phone, licences, { ...desk, evidence: { ...evidence, expires: '2030-01-01' } }] }), '2027-06-01')).not.toThrow();
    expect(become(money({ costs: [rooms, phone, licences, dearer] }), '2027-06-01')).toThrow('run until 2028-01-01');
    expect(become(money({ until: '2029-01-01' }), '2027-06-01')).toThrow('not repriced');
    expect(become(null, '2027-06-01')).toThrow('not repriced, replaced or dropped');
  });

  it('let a practice join that stays out of the costs, and end with a party that leaves', () => {
    expect(become(money(), '2027-06-01', [harbor, summit, desert])).not.toThrow();
    expect(become(money(), '2027-06-01', [harbor, desert])).toThrow('not a party: summit');
    const among = moneyTerms.parse({ ...written, from: '2027-06-01', until: '2028-06-01', parties: ['harbor', 'desert'], costs: [licences] });
    expect(become(among, '2027-06-01', [harbor, desert])).not.toThrow();
    expect(become(among, '2027-06-01', [harbor, summit, desert])).toThrow('not repriced');
    const versions = [version(1, '2026-12-15', '2027-06-01', money()), version(2, '2027-06-01', null, among, [harbor, desert])];
    expect(['2027-05', '2027-06', '2027-12'].map((period) => codeOf(versions, period))).toEqual([1, 2, 2]);
    expect(codeOf([versions[0]!, { ...versions[1]!, money: null }], '2027-06')).toBeNull();
  });

  it('may set new prices from the end of the running ones, and before those began', () => {
    expect(become(money({ from: '2028-01-01', until: '2029-01-01', costs: [dearer] }), '2027-06-01')).not.toThrow();
    expect(become(money({ costs: [dearer] }), '2026-12-20')).not.toThrow();
    expect(become(null, '2028-01-01')).not.toThrow();
  });

  it('never set prices for days that have passed', () => {
    expect(() => requireMoneyMayBecome([], money(), [harbor, summit], on('2027-01-02'))).toThrow('fixed in advance');
    expect(() => requireMoneyMayBecome([], money(), [harbor, summit], on('2027-01-01'))).not.toThrow();
  });
});

describe('which periods terms govern', () => {
  const [all, now] = [periodsOf(money()).map(({ code }) => code), on('2027-06-20')];
  const codes = (versions: readonly MoneyVersion[]) => governedBy(versions, versions[0]!.money!, now).map(({ code }) => code);

  it('all of them, also where a version renewed the evidence', () => {
    expect(codes([version(1, '2026-12-15', null, money())])).toEqual(all);
    expect(codes([version(1, '2026-12-15', '2027-06-10', money()), version(2, '2027-06-10', null, money({ costs: [rooms, phone, licences, { ...desk, evidence: { ...evidence, expires: '2030-01-01' } }] }))])).toEqual(all);
  });

  it('none behind the end of the agreement, or from others having agreed on their own, so that no late cost is stated there and lost', () => {
    const among = moneyTerms.parse({ ...written, from: '2027-06-01', until: '2028-06-01', parties: ['harbor', 'desert'], costs: [licences] });
    expect(codes([version(1, '2026-12-15', '2027-06-01', money())])).toEqual(all.slice(0, 5));
    expect(codes([version(1, '2026-12-15', '2027-06-01', money()), version(2, '2027-06-01', null, among, [harbor, desert])])).toEqual(all.slice(0, 5));
    expect(codes([version(1, '2026-12-15', '2027-06-01', money()), version(2, '2027-06-01', null, null, [harbor, desert])])).toEqual(all.slice(0, 5));
  });
});

describe('which terms govern a period', () => {
  it('those of a version in force when they began, to their end, though another version came', () => {
    const later = money({ from: '2028-01-01', until: '2029-01-01' });
    const versions = [version(1, '2026-12-15', '2027-06-10', money()), version(2, '2027-06-10', null, later)];
    expect(['2026-12', '2027-01', '2027-06', '2027-12', '2028-01', '2028-12', '2029-01'].map((period) => codeOf(versions, period))).toEqual([null, 1, 1, 1, 2, 2, null]);
  });

  it('none that a later version replaced before they began', () => {
    const versions = [version(1, '2026-11-01', '2026-12-15', money()), version(2, '2026-12-15', null, money({ from: '2027-02-01', until: '2028-02-01' }))];
    expect(['2027-01', '2027-02'].map((period) => codeOf(versions, period))).toEqual([null, 2]);
  });

  it('the newest of versions that say the same, so that renewed evidence counts, and only once it is in force', () => {
    const versions = [version(1, '2026-12-15', '2027-06-10', money()), version(2, '2027-06-10', null, money())];
    expect([codeOf(versions, '2027-03', '2027-06-01'), codeOf(versions, '2027-03', '2027-07-01')]).toEqual([1, 2]);
  });

  it('none of a period that begins when the agreement has ended', () => {
    const versions = [version(1, '2026-12-15', '2027-06-10', money())];
    expect(['2027-06', '2027-07'].map((period) => codeOf(versions, period))).toEqual([1, null]);
    expect(beginOf(money(), addDays('2027-01-01' as LocalDate, 0))).toBe(on('2027-01-01'));
  });
});
