import { type AgreementId, type AppointmentId, DAY, HOUR, type Instant, type LocalDate, MINUTE, type PracticeId, type ProviderId, type SiteId, type Zone, localDateOf } from '@slotmesh/kernel';
import fc from 'fast-check';
import { type Posting, postingId } from './posting';
import { type PartnerVisit, type SharedDay, endDay, lookAgain } from './shared-day';
import { postingsOfEnded, postingsOfOffered, postingsOfReduced } from './shared-time-postings';
import { hoursOf, slotMinutes } from './slot-minutes';
import { type LedgerVisit, type VisitStanding, endOfDay, postingsOfVisit } from './visit-postings';

const host = 'summit' as PracticeId;
const agreement = '0193580e-0000-7000-8000-0000000000a1' as AgreementId;
const zone = 'America/Denver' as Zone;
const date = '2027-03-01' as LocalDate;
const opens = Date.UTC(2027, 2, 1, 7) as Instant;
const id = (n: number) => `0193580e-0000-7000-8000-${String(n).padStart(12, '0')}`;

/** The book as it stands: posted once, whatever comes again. */
class Book {
  readonly postings = new Map<string, Posting>();
  private readonly visits = new Map<string, { standing: VisitStanding | null; step: number }>();

  add(postings: readonly Posting[]): void {
    for (const posting of postings) if (!this.postings.has(postingId(posting.cause))) this.postings.set(postingId(posting.cause), posting);
  }
  visit(visit: LedgerVisit, step: number, at: Instant): void {
    const last = this.visits.get(visit.id) ?? { standing: null, step: 0 };
    if (step <= last.step) return;
    const made = postingsOfVisit(last.standing, visit, { step, at });
    const to = made.at(-1);
    if (to) this.visits.set(visit.id, { step, standing: to.booking && (to.to.account === 'booked' || to.to.account === 'used' || to.to.account === 'wasted') ? { account: to.to.account, agreement, host, booking: to.booking, day: to.day, minutes: to.minutes } : null });
    this.add(made);
  }
  sum(of: (practice: string, account: string, day: string) => boolean = () => true): number {
    return [...this.postings.values()].reduce((sum, { from, to, minutes, day }) => sum + (of(to.practice, to.account, day) ? minutes : 0) - (of(from.practice, from.account, day) ? minutes : 0), 0);
  }
  rows(): string[] {
    return [...this.postings].map(([key, { minutes, from, to, day, at }]) => [key, from.account, to.account, to.practice, minutes, day, at].join(' ')).sort();
  }
}

const OUTCOMES = ['fulfilled', 'noshow', 'cancelled', 'cancelled-late', 'cancelled-after', 'unmarked', 'moved', 'error-after'] as const;
const visits = fc.array(fc.record({ outcome: fc.constantFrom(...OUTCOMES), guest: fc.constantFrom('harbor', 'desert'), hour: fc.integer({ min: 8, max: 16 }), minutes: fc.constantFrom(15, 20, 30, 60), day: fc.integer({ min: 0, max: 2 }) }), { maxLength: 25 });

/** What happens to visits in time, as events by key, and as the rows of the visits at the end. */
function story(booked: typeof visits extends fc.Arbitrary<infer T> ? T : never) {
  const events: { key: string; step: number; at: Instant; visit: LedgerVisit }[] = [];
  const rows: PartnerVisit[] = [];
  booked.forEach(({ outcome, guest, hour, minutes, day }, n) => {
    const start = (opens + day * DAY + hour * HOUR) as Instant;
    const visit = (status: LedgerVisit['status'], from = start): LedgerVisit => ({ id: id(n) as AppointmentId, status, host, booking: guest as PracticeId, agreement, start: from, end: (from + minutes * MINUTE) as Instant, zone });
    let step = 0;
    const happens = (status: LedgerVisit['status'], at: number, from?: Instant): number => events.push({ key: id(n), step: (step += 1), at: at as Instant, visit: visit(status, from) });
    happens('booked', opens - 20 * DAY + n * MINUTE);
    const late = start - HOUR;
    const ends = endOfDay(localDateOf(start, zone), zone);
    const row = (status: LedgerVisit['status'], changedAt: number, from = start): void => void rows.push({ ...visit(status, from), changedAt: changedAt as Instant, dayEnds: endOfDay(localDateOf(from, zone), zone), cancelReason: 'pat', inTimeUntil: (start - DAY) as Instant, takenByOthers: slotMinutes(0) });
    if (outcome === 'fulfilled' || outcome === 'noshow') { happens('arrived', start); happens(outcome, start + HOUR); row(outcome, start + HOUR); }
    else if (outcome === 'cancelled') { happens('cancelled', start - 2 * DAY); row('cancelled', start - 2 * DAY); }
    else if (outcome === 'cancelled-late') { happens('cancelled', late); row('cancelled', late); }
    else if (outcome === 'cancelled-after') { happens('cancelled', ends + MINUTE); row('cancelled', ends + MINUTE); }
    else if (outcome === 'error-after') { happens('fulfilled', start + HOUR); happens('entered-in-error', ends + DAY); row('entered-in-error', ends + DAY); }
    else if (outcome === 'moved') { happens('booked', start - 3 * DAY, (start + DAY) as Instant); row('booked', start - 3 * DAY, (start + DAY) as Instant); }
    else row('booked', start);
  });
  return { events, rows };
}

const open = (minutes: number): SharedDay => ({ standing: slotMinutes(minutes), visits: Array.from({ length: minutes / 30 }, (_, i) => ({ provider: 'p' as ProviderId, site: 's' as SiteId, start: (opens + 8 * HOUR + i * 30 * MINUTE) as Instant, end: (opens + 8 * HOUR + (i + 1) * 30 * MINUTE) as Instant, quotas: [] })) });
const DATES = [0, 1, 2, 3].map((n) => localDateOf((opens + n * DAY) as Instant, zone));

describe('the capacity ledger', () => {
  test('sums to zero after each event, its pools are empty when their dates are over, and events that come again in whatever way between keys add nothing', () => {
    fc.assert(fc.property(visits, fc.integer({ min: 0, max: 20 }), fc.integer({ min: 0, max: 4 }), fc.infiniteStream(fc.nat(1000)), (booked, slots, cut, chance) => {
      const { events, rows } = story(booked);
      type Told = { key: string; step: number; apply: (book: Book) => void };
      const told: Told[] = events.map(({ key, step, at, visit }) => ({ key, step, apply: (book) => book.visit(visit, step, at) }));
      DATES.forEach((day, n) => {
        const facts = { id: id(900 + n), agreement, host, date: day };
        const before = open(slots * 30);
        const after = open(Math.max(0, slots - cut) * 30);
        const end = endDay(after, { own: [], beside: after.visits }, rows.filter((row) => localDateOf(row.start, zone) === day));
        if (slots > 0) told.push({ key: facts.id, step: 1, apply: (book) => book.add(postingsOfOffered({ ...facts, at: opens, minutes: before.standing, places: [] }, 1)) });
        told.push({ key: facts.id, step: 2, apply: (book) => book.add(postingsOfReduced({ ...facts, at: opens, withdrawn: before.standing - after.standing, takenBack: 0 }, 2)) });
        told.push({ key: facts.id, step: 3, apply: (book) => book.add(postingsOfEnded({ ...facts, at: opens, ...end, late: end.late.map(({ id: appointment, ...late }) => ({ ...late, appointment: appointment as AppointmentId })) }, 3)) });
      });
      const inTurn = new Book();
      for (const one of told) { one.apply(inTurn); expect(inTurn.sum()).toBe(0); }
      const mixed = new Book();
      const left = new Map<string, Told[]>();
      for (const one of told) left.set(one.key, [...(left.get(one.key) ?? []), one]);
      const done: Told[] = [];
      while (left.size > 0) {
        const keys = [...left.keys()];
        const key = keys[chance.next().value % keys.length]!;
        const one = left.get(key)!.shift()!;
        one.apply(mixed);
        done.push(one);
        if (left.get(key)!.length === 0) left.delete(key);
        done[chance.next().value % done.length]!.apply(mixed);
        expect(mixed.sum()).toBe(0);
      }
      expect(mixed.rows()).toEqual(inTurn.rows());
      for (const day of DATES) expect([day, inTurn.sum((_, account, of) => account === 'pool' && of === day)]).toEqual([day, 0]);
      for (const account of ['booked', 'used', 'wasted', 'returned', 'withdrawn-late', 'taken-back']) expect(inTurn.sum((_, of) => of === account)).toBeGreaterThanOrEqual(0);
    }));
  });

  test('a visit that takes place is used, one that nobody came to is wasted, and what was called off late and not taken by anybody is wasted when the date is over', () => {
    const { events, rows } = story([{ outcome: 'fulfilled', guest: 'harbor', hour: 9, minutes: 30, day: 0 }, { outcome: 'noshow', guest: 'harbor', hour: 10, minutes: 30, day: 0 }, { outcome: 'cancelled-late', guest: 'desert', hour: 11, minutes: 30, day: 0 }, { outcome: 'cancelled', guest: 'desert', hour: 12, minutes: 30, day: 0 }]);
    const end = endDay(open(240), { own: [], beside: open(240).visits }, rows);
    expect(end).toEqual({ offered: 0, takenBack: 0, returned: 150, late: [{ id: id(2), booking: 'desert', minutes: 30, account: 'wasted' }] });
    expect(endDay(open(240), { own: [], beside: open(240).visits }, rows.map((row) => ({ ...row, cancelReason: 'prov' }))).late).toMatchObject([{ account: 'withdrawn-late' }]);
    expect(endDay(open(240), { own: [], beside: open(240).visits }, rows.map((row) => ({ ...row, takenByOthers: slotMinutes(30) }))).late).toEqual([]);
    const book = new Book();
    for (const { visit, step, at } of events) book.visit(visit, step, at);
    expect(['used', 'wasted', 'booked'].map((account) => book.sum((practice, of) => practice === 'harbor' && of === account))).toEqual([30, 30, 0]);
  });

  test("a request whose end without a yes is noticed after its date returns to the host and is nobody's waste; a visit that was approved is", () => {
    const start = (opens + 9 * HOUR) as Instant;
    const ends = endOfDay(localDateOf(start, zone), zone);
    const accounts = (state: 'lapsed' | 'declined' | 'withdrawn' | 'approved'): number[] => {
      const book = new Book();
      const visit: LedgerVisit = { id: id(0) as AppointmentId, status: 'pending', approval: { by: (start - 2 * HOUR) as Instant, state: 'waiting' }, host, booking: 'harbor' as PracticeId, agreement, start, end: (start + 30 * MINUTE) as Instant, zone };
      book.visit(visit, 1, (opens - DAY) as Instant);
      book.visit({ ...visit, status: 'cancelled', approval: { ...visit.approval!, state } }, 2, (ends + MINUTE) as Instant);
      expect(book.sum()).toBe(0);
      return ['wasted', 'returned', 'booked'].map((account) => book.sum((_, of) => of === account));
    };
    for (const state of ['lapsed', 'declined', 'withdrawn'] as const) expect([state, accounts(state)]).toEqual([state, [0, 30, 0]]);
    expect(accounts('approved')).toEqual([30, 0, 0]);
  });

  test('what the host takes out for its own patients is taken back, what it closes is withdrawn, and time that had returned to it is its own affair', () => {
    const before = open(240);
    const own = [{ provider: 'p' as ProviderId, start: before.visits[0]!.start, end: before.visits[1]!.end, takenAt: 0 as Instant }];
    const fresh = before.visits.slice(4);
    expect(lookAgain(before, { kept: [], fresh, own })).toMatchObject({ offered: 0, takenBack: 60, withdrawn: 60, day: { standing: 120 } });
    expect(lookAgain(before, { kept: before.visits.slice(0, 4), fresh, own })).toMatchObject({ offered: 0, takenBack: 0, withdrawn: 0 });
    expect(lookAgain({ standing: slotMinutes(0), visits: [] }, { kept: [], fresh: before.visits, own: [] })).toMatchObject({ offered: 240 });
    expect(endDay(before, { own, beside: before.visits.slice(2) }, [])).toMatchObject({ takenBack: 60, returned: 180 });
    // Beside them there was still as much.
    expect(endDay(before, { own, beside: before.visits }, [])).toMatchObject({ takenBack: 0, returned: 240 });
    expect(hoursOf(slotMinutes(100))).toBe(1.67);
    expect(date).toBe(DATES[0]);
  });
});
