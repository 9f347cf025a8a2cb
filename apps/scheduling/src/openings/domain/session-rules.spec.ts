import { HOUR, type Instant, type LocalDate, type LocalTime, MINUTE, type ServiceCode, type VisitTypeId, addDays, instantOf, parseInstant, parseZone } from '@slotmesh/kernel';
import fc from 'fast-check';
import { type RecurringHours, type WallHours, openRanges } from '../../availability/domain/working-hours';
import { type BlockSchedule } from './blocks';
import { type KeptFor, type RuledBlock, SessionRules, type VisitLimit, countsIn, dateBlock, weekBlock } from './session-rules';

const zone = parseZone('America/New_York');
const [a, b] = ['a', 'b'] as VisitTypeId[] as [VisitTypeId, VisitTypeId];
const keptForA: KeptFor = { visitTypes: [a], services: [], releaseHours: null };
const block = (id: string, from: string, to: string, rules: { keptFor?: KeptFor; limits?: VisitLimit[] }, weekday = 1): RecurringHours & RuledBlock =>
  ({ ...weekBlock(id), weekday, from: from as LocalTime, to: to as LocalTime, validFrom: '2026-01-01' as LocalDate, validTo: null, keptFor: rules.keptFor ?? null, limits: rules.limits ?? [] });
const rulesOf = (hours: (RecurringHours & RuledBlock)[], exceptions: BlockSchedule<RuledBlock>['exceptions'] = []) => SessionRules.of({ hours, exceptions, closures: [] }, zone)!;
// 30 November 2026 is a Monday; New York is five hours behind UTC.
const at = (time: string): Instant => parseInstant(`2026-11-30T${time}:00-05:00`);
const visit = (from: string, to: string, visitType: VisitTypeId) => ({ start: at(from), end: at(to), visitType, service: `service-${visitType}` as ServiceCode });
const now = parseInstant('2026-11-20T12:00:00Z');

describe('blocks kept for visit types', () => {
  it('refuse what they are not kept for, also where it only runs into one, and say from when on they are open', () => {
    const rules = rulesOf([block('k', '09:00', '12:00', { keptFor: { ...keptForA, releaseHours: 24 } })]);
    expect(rules.decide(visit('09:00', '09:30', a), now)).toEqual({ allowed: true, limit: null });
    for (const [from, to] of [['09:00', '09:30'], ['08:45', '09:15'], ['11:45', '12:15']] as const) expect(rules.decide(visit(from, to, b), now)).toEqual({ allowed: false, code: 'kept-for', releasedAt: at('09:00') - 24 * HOUR });
    for (const [from, to] of [['08:30', '09:00'], ['12:00', '12:30']] as const) expect(rules.decide(visit(from, to, b), now).allowed).toBe(true);
    expect(rules.decide(visit('11:00', '11:30', b), (at('09:00') - 24 * HOUR) as Instant).allowed).toBe(true);
    expect(rules.decide(visit('11:00', '11:30', b), (at('09:00') - 24 * HOUR - 1) as Instant).allowed).toBe(false);
    expect(rulesOf([block('k', '09:00', '12:00', { keptFor: { visitTypes: [], services: ['service-b' as ServiceCode], releaseHours: null } })]).decide(visit('09:00', '09:30', b), now).allowed).toBe(true);
  });

  it('name the limit of the session in which a visit begins, until it is released; other hours on a date take the rules away', () => {
    const wide = block('wide', '08:00', '17:00', { limits: [{ visitType: a, most: 4, releaseHours: null }] });
    const inner = block('inner', '10:00', '12:00', { limits: [{ visitType: a, most: 1, releaseHours: 2 }] });
    const limitOf = (from: string, to: string, when = now) => { const decision = rulesOf([wide, inner]).decide(visit(from, to, a), when); return decision.allowed ? decision.limit?.key : decision.code; };
    expect(limitOf('09:45', '10:15')).toBe('wide 2026-11-30 a');
    expect(limitOf('10:00', '10:30')).toBe('inner 2026-11-30 a');
    expect(limitOf('10:00', '10:30', at('08:00'))).toBe('wide 2026-11-30 a');
    expect(rulesOf([wide]).decide(visit('09:00', '09:30', b), now)).toEqual({ allowed: true, limit: null });
    expect(rulesOf([wide], [{ date: '2026-11-30' as LocalDate, mode: 'instead', hours: [] }]).decide(visit('09:00', '09:30', a), now)).toEqual({ allowed: true, limit: null });
    expect(SessionRules.of({ hours: [block('free', '08:00', '17:00', {})], exceptions: [], closures: [] }, zone)).toBeNull();
  });

  it('a visit counts in one limit only, the one that lets it in, however blocks lie over each other', () => {
    const times = ['08:00', '09:00', '10:00', '11:00', '12:00', '14:00', '17:00'];
    const blocks = fc.uniqueArray(fc.record({ id: fc.constantFrom('u', 'v', 'w', 'x'), from: fc.nat(times.length - 2), more: fc.nat(4), release: fc.constantFrom(null, 2) }), { minLength: 1, maxLength: 4, selector: ({ id }) => id });
    fc.assert(fc.property(blocks, fc.integer({ min: 32, max: 68 }), fc.constantFrom(now, at('07:30'), at('10:00')), (wanted, quarter, when) => {
      const rules = rulesOf(wanted.map(({ id, from, more, release }) => block(id, times[from]!, times[Math.min(from + 1 + more, times.length - 1)]!, { limits: [{ visitType: a, most: 2, releaseHours: release }] })));
      const start = (at('00:00') + quarter * 15 * MINUTE) as Instant;
      const decision = rules.decide({ start, end: (start + 30 * MINUTE) as Instant, visitType: a, service: 's' as ServiceCode }, when);
      const counting = rules.sessions({ start: at('00:00'), end: at('23:45') }).flatMap((session) => session.block.limits.filter(({ releaseHours }) => releaseHours === null || when < session.start - releaseHours * HOUR).map((limit) => rules.limitOf(session, limit, when))).filter((limit) => countsIn(limit, start));
      expect(counting.map(({ key }) => key)).toEqual(decision.allowed && decision.limit ? [decision.limit.key] : []);
    }));
  });

  it('P6: keep their wall time over midnight and on the days when the clock changes; all starts of one occurrence have one key, those of the next another', () => {
    const time = fc.tuple(fc.integer({ min: 0, max: 23 }), fc.constantFrom('00', '15', '30')).map(([hour, minute]) => `${String(hour).padStart(2, '0')}:${minute}`);
    // Saturdays and Sundays about 8 March and 1 November 2026.
    fc.assert(fc.property(time, time, fc.constantFrom('2026-03-07', '2026-03-08', '2026-10-31', '2026-11-01'), fc.integer({ min: 5, max: 90 }), (from, to, text, minutes) => {
      const date = text as LocalDate;
      const weekday = new Date(`${text}T12:00:00Z`).getUTCDay() || 7;
      const hours = block('n', from, to, { keptFor: keptForA, limits: [{ visitType: a, most: 2, releaseHours: null }] }, weekday);
      const rules = rulesOf([hours]);
      const [start, end] = [instantOf(date, from as LocalTime, zone), instantOf(to <= from ? addDays(date, 1) : date, to as LocalTime, zone)];
      const day = { start: instantOf(addDays(date, -1), '00:00' as LocalTime, zone), end: instantOf(addDays(date, 2), '24:00' as LocalTime, zone) };
      expect(openRanges({ hours: [hours], exceptions: [], closures: [] }, day, zone).map((piece) => [piece.start, piece.end])).toEqual(start < end ? [[start, end]] : []);
      for (let begin = day.start; begin < day.end; begin = (begin + 15 * MINUTE) as Instant) {
        const range = { start: begin, end: (begin + minutes * MINUTE) as Instant, service: 's' as ServiceCode };
        expect(rules.decide({ ...range, visitType: b }, now).allowed).toBe(!(range.start < end && start < range.end && start < end));
        const mine = rules.decide({ ...range, visitType: a }, now);
        expect(mine.allowed && mine.limit?.key).toBe(begin >= start && begin < end ? `n ${date} a` : undefined);
      }
      const next = rules.decide({ start: (start + 7 * 24 * HOUR + 2 * HOUR) as Instant, end: (start + 7 * 24 * HOUR + 3 * HOUR) as Instant, visitType: a, service: 's' as ServiceCode }, now);
      if (next.allowed && next.limit) expect(next.limit.key).toBe(`n ${addDays(date, 7)} a`);
    }), { numRuns: 60 });
  });

  it('P6: the rules of a single date hold where its own hours do, over midnight and on the days when the clock changes, and nowhere else; those of the usual hours rest on it', () => {
    const time = fc.tuple(fc.integer({ min: 0, max: 23 }), fc.constantFrom('00', '15', '30')).map(([hour, minute]) => `${String(hour).padStart(2, '0')}:${minute}` as LocalTime);
    const ranges = fc.uniqueArray(fc.record({ from: time, to: fc.oneof(time, fc.constant('24:00' as LocalTime)) }), { minLength: 1, maxLength: 3, selector: ({ from, to }) => `${from}-${to}` });
    const usual = [1, 2, 3, 4, 5, 6, 7].map((weekday) => block(`usual-${weekday}`, '07:00', '19:00', { limits: [{ visitType: a, most: 9, releaseHours: null }] }, weekday));
    fc.assert(fc.property(ranges, fc.constantFrom('2026-03-07', '2026-03-08', '2026-10-31', '2026-11-01'), fc.integer({ min: 5, max: 90 }), (own, text, minutes) => {
      const date = text as LocalDate;
      const rules = rulesOf(usual, [{ date, mode: 'instead', hours: own.map((range, i) => ({ ...range, ...dateBlock('x', range), keptFor: i === 0 ? keptForA : null, limits: [{ visitType: a, most: 2, releaseHours: null }] })) }]);
      const whole = ({ from, to }: WallHours) => ({ start: instantOf(date, from, zone), end: instantOf(to <= from ? addDays(date, 1) : date, to, zone) });
      const [kept] = own.map(whole);
      const day = { start: instantOf(addDays(date, -1), '00:00' as LocalTime, zone), end: instantOf(addDays(date, 2), '24:00' as LocalTime, zone) };
      for (let begin = day.start; begin < day.end; begin = (begin + 15 * MINUTE) as Instant) {
        const range = { start: begin, end: (begin + minutes * MINUTE) as Instant, service: 's' as ServiceCode };
        expect(rules.decide({ ...range, visitType: b }, now).allowed).toBe(!(kept!.start < kept!.end && range.start < kept!.end && kept!.start < range.end));
        // Of the blocks in which it begins the one that began last; of those that began together any.
        const over = own.filter((one) => whole(one).start <= begin && begin < whole(one).end);
        const last = Math.max(...over.map((one) => whole(one).start));
        const keys = over.filter((one) => whole(one).start === last).map((one) => `${dateBlock('x', one).key} ${date} a`);
        const mine = rules.decide({ ...range, visitType: a }, now);
        const ofUsual = [addDays(date, -1), addDays(date, 1), addDays(date, 2)].some((other) => begin >= instantOf(other, '07:00' as LocalTime, zone) && begin < instantOf(other, '19:00' as LocalTime, zone));
        const key = mine.allowed ? mine.limit?.key : 'refused';
        if (ofUsual) expect(keys.includes(key ?? '') || key?.startsWith('usual-')).toBe(true);
        else if (keys.length === 0) expect(key).toBeUndefined();
        else expect(keys).toContain(key);
      }
    }), { numRuns: 60 });
  });
});
