import { DAY, type Instant, instant } from '@slotmesh/kernel';
import fc from 'fast-check';
import { type AnswerableVisit, visitOfAnswer } from './visit-of-answer';

const now = instant(Date.parse('2026-11-23T12:00:00Z'));
const visit = (over: Partial<AnswerableVisit> & { status?: AnswerableVisit['current']['status']; at?: number; newer?: number } = {}): AnswerableVisit => ({
  kind: 'appointment', message: 'm', appointment: 'a', patient: 'p', revision: 1, sentAt: now, ...over,
  current: { revision: over.newer ?? over.revision ?? 1, status: over.status ?? 'booked', start: instant(now + (over.at ?? DAY)) },
});

const answered = (visits: readonly AnswerableVisit[], at: Instant, yesOrNo = false) => visitOfAnswer(visits, at, { yesOrNo });

describe('the visit that an answer belongs to', () => {
  it('is the one open visit that a message to this phone spoke of', () => {
    expect(answered([visit()], now).kind).toBe('visit');
    expect(answered([], now).kind).toBe('none');
    expect(answered([visit({ at: -DAY })], now).kind).toBe('none');
  });
  it('is asked for where two open visits are possible, and listed in the order of their times', () => {
    const target = answered([visit({ appointment: 'b', at: 2 * DAY }), visit({ sentAt: instant(now - DAY) })], now);
    expect(target.kind === 'which' && target.visits.map(({ appointment }) => appointment)).toEqual(['a', 'b']);
  });
  it('is superseded where the newest message spoke of an older revision, also of a visit that is cancelled meanwhile', () => {
    expect(answered([visit({ newer: 2 })], now).kind).toBe('superseded');
    expect(answered([visit({ newer: 2, status: 'cancelled' }), visit({ appointment: 'b', sentAt: instant(now - 1) })], now).kind).toBe('superseded');
  });
  it('is not one of which the patient knows that it is cancelled', () => {
    const target = answered([visit({ status: 'cancelled' }), visit({ appointment: 'b', sentAt: instant(now - DAY) })], now);
    expect(target.kind === 'visit' && target.visit.appointment).toBe('b');
  });
  it('is the offer whose question is the newest text, and not one that an older offer asked about', () => {
    const offer = visit({ kind: 'offer', appointment: 'o', status: 'proposed' });
    const other = visit({ sentAt: instant(now - DAY) });
    const target = answered([other, offer], now, true);
    expect(target.kind === 'visit' && target.visit.appointment).toBe('o');
    expect(answered([{ ...other, sentAt: instant(now + 1) }, offer], now, true).kind).toBe('which');
    expect(answered([offer, { ...offer, appointment: 'p', sentAt: instant(now - 1) }], now, true).kind).toBe('which');
  });
  it('is the visit, and never the offer, where the words speak of a visit', () => {
    const offer = visit({ kind: 'offer', appointment: 'o', status: 'proposed' });
    const target = answered([visit({ sentAt: instant(now - DAY) }), offer], now);
    expect(target.kind === 'visit' && target.visit.appointment).toBe('a');
    const only = answered([offer], now);
    expect(only.kind === 'visit' && only.visit.appointment).toBe('o');
  });
  it('is told to be gone where the newest text offered a time that is over, and forgotten once something newer was said', () => {
    const over = visit({ kind: 'offer', appointment: 'o', status: 'cancelled', newer: 2 });
    expect(answered([over], now).kind).toBe('superseded');
    expect(answered([{ ...over, revision: 2 }], now).kind).toBe('superseded');
    expect(answered([{ ...over, revision: 2 }, visit({ sentAt: instant(now - DAY) })], now).kind).toBe('visit');
    const target = answered([over, visit({ sentAt: instant(now + 1) })], now);
    expect(target.kind === 'visit' && target.visit.appointment).toBe('a');
    const taken = answered([visit({ kind: 'offer', appointment: 'o', status: 'booked', newer: 2, sentAt: instant(now - 1) }), visit()], now);
    expect(taken.kind === 'visit' && taken.visit.appointment).toBe('a');
  });
  it('never acts on a visit that is closed, over, or at another revision than the message', () => {
    const some = fc.record({ appointment: fc.constantFrom('a', 'b', 'c', 'd'), revision: fc.integer({ min: 1, max: 3 }), newer: fc.integer({ min: 1, max: 3 }), at: fc.integer({ min: -3, max: 3 }).map((days) => days * DAY), status: fc.constantFrom('booked', 'pending', 'cancelled', 'arrived', 'fulfilled', 'noshow'), sentAt: fc.integer({ min: 0, max: 9 }).map((days) => instant(now - days * DAY)) });
    fc.assert(fc.property(fc.uniqueArray(some, { maxLength: 4, selector: ({ appointment }) => appointment }), (rows) => {
      const visits = rows.map((row) => visit({ ...row, newer: Math.max(row.newer, row.revision) }));
      const target = answered(visits, now);
      if (target.kind !== 'visit') return true;
      const others = visits.filter((other) => other !== target.visit && other.current.start > now && ['booked', 'pending'].includes(other.current.status));
      return target.visit.revision === target.visit.current.revision && target.visit.current.start > now && ['booked', 'pending'].includes(target.visit.current.status) && others.length === 0;
    }));
  });
});
