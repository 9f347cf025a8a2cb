import { appointmentStatus } from '@slotmesh/contracts';
import { DAY, HOUR, type Instant, instantOf, type LocalDate, type LocalTime, parseZone, plusMs, type ProviderId, type SiteId } from '@slotmesh/kernel';
import fc from 'fast-check';
import { allowedTransitions, appointmentStatuses, type AppointmentStatus, isSameDay, revisionAfter, type Revised, standing, statusAfter, type Steppable, type Transition, TransitionNotAllowed, transitions } from './transitions';

const newYork = parseZone('America/New_York');
const at = (date: string, time: string): Instant => instantOf(date as LocalDate, time as LocalTime, newYork);
const start = at('2026-11-23', '10:00');
const visit = (status: AppointmentStatus): Steppable => ({ status, start, end: plusMs(start, HOUR), zone: newYork });

/** DESIGN section 6, word for word. */
const written: Readonly<Record<AppointmentStatus, readonly AppointmentStatus[]>> = {
  proposed: ['cancelled'],
  pending: ['booked', 'cancelled'],
  waitlist: ['pending', 'booked', 'cancelled'],
  booked: ['arrived', 'checked-in', 'noshow', 'cancelled'],
  arrived: ['checked-in', 'fulfilled', 'noshow', 'cancelled', 'booked'],
  'checked-in': ['fulfilled', 'cancelled', 'booked'],
  noshow: ['booked'],
  fulfilled: [],
  cancelled: [],
  'entered-in-error': [],
};
const stays: readonly Transition[] = ['confirm', 'reschedule'];

describe('appointment steps', () => {
  it('know every status that events name, and no other', () => expect([...appointmentStatuses].sort()).toEqual([...appointmentStatus.options].sort()));

  it('lead exactly where the table says', () => {
    for (const status of appointmentStatuses) {
      const reached = transitions.filter((name) => !stays.includes(name) && allowedTransitions(visit(status), start).includes(name)).map((name) => statusAfter(name, visit(status), start));
      expect(new Set(reached)).toEqual(new Set([...written[status], ...(status === 'entered-in-error' ? [] : ['entered-in-error'])]));
    }
  });

  it('refuse any other step with the ones that are allowed', () => {
    fc.assert(fc.property(fc.constantFrom(...appointmentStatuses), fc.constantFrom(...transitions), fc.integer({ min: -72, max: 72 }), (status, name, hours) => {
      const now = plusMs(start, hours * HOUR);
      const allowed = allowedTransitions(visit(status), now);
      if (allowed.includes(name)) return void expect(appointmentStatuses).toContain(statusAfter(name, visit(status), now));
      try {
        statusAfter(name, visit(status), now);
      } catch (error) {
        expect(error).toBeInstanceOf(TransitionNotAllowed);
        expect(error).toMatchObject({ kind: 'conflict', code: 'transition-not-allowed', details: { transition: name, status, allowed } });
        return undefined;
      }
      throw new Error(`${name} from ${status} was let through`);
    }));
  });

  it('a confirmation and a move keep the status', () => {
    expect(statusAfter('confirm', visit('booked'), start)).toBe('booked');
    expect(statusAfter('reschedule', visit('booked'), start)).toBe('booked');
    for (const step of ['confirm', 'reschedule'] as const) expect(() => statusAfter(step, visit('pending'), start)).toThrow(/Allowed now: approve, decline, cancel, enter-in-error\./);
    expect(() => statusAfter('confirm', visit('cancelled'), start)).toThrow(TransitionNotAllowed);
  });

  it("a visit is reopened on its own day only, by the site's calendar", () => {
    expect(statusAfter('reopen', visit('noshow'), at('2026-11-23', '23:59'))).toBe('booked');
    expect(() => statusAfter('reopen', visit('noshow'), at('2026-11-24', '00:00'))).toThrow('only on its own day');
    const night: Steppable = { status: 'arrived', start: at('2026-11-23', '23:30'), end: at('2026-11-24', '00:30'), zone: newYork };
    expect([isSameDay(night, at('2026-11-24', '08:00')), isSameDay({ ...night, end: at('2026-11-24', '00:00') }, at('2026-11-24', '08:00')), isSameDay(night, plusMs(start, -DAY))]).toEqual([true, false, false]);
  });

  it('the revision rises with time, place, provider, modality and booked or cancelled, and with nothing else', () => {
    const before: Revised = { status: 'booked', site: 's' as SiteId, provider: 'p' as ProviderId, modality: 'in-person', start, end: plusMs(start, HOUR) };
    const moved: Partial<Revised>[] = [{ start: plusMs(start, 1) }, { end: start }, { site: 't' as SiteId }, { provider: 'q' as ProviderId }, { modality: 'video' }, { status: 'cancelled' }, { status: 'entered-in-error' }];
    for (const change of moved) expect(revisionAfter(4, before, { ...before, ...change })).toBe(5);
    for (const status of ['booked', 'arrived', 'checked-in', 'fulfilled', 'noshow'] as const) expect(revisionAfter(4, before, { ...before, status })).toBe(4);
    expect(revisionAfter(1, { ...before, status: 'pending' }, before)).toBe(2);
    fc.assert(fc.property(fc.constantFrom(...appointmentStatuses), fc.constantFrom(...appointmentStatuses), (a, b) =>
      expect(revisionAfter(1, { ...before, status: a }, { ...before, status: b })).toBe(standing(a) === standing(b) ? 1 : 2)));
  });
});
