import { DAY, HOUR, type Instant, instantOf, type LocalDate, localDateOf, type LocalTime, localTimeOf, parseInstant, parseZone, plusMs } from '@slotmesh/kernel';
import fc from 'fast-check';
import { isWorkingDay, nextDue, type Urgency, type Waiting } from './due-times';
import { referralStatuses } from './transitions';

const denver = parseZone('America/Denver');
const at = (date: string, time: string): Instant => instantOf(date as LocalDate, time as LocalTime, denver);
const waiting = (more: Partial<Waiting>): Waiting => ({ status: 'sent', receiver: 'summit', needsAuthorisation: false, authorised: false, urgency: 'routine', since: at('2026-11-23', '10:00'), visitAt: null, zone: denver, ...more });
const anyWaiting: fc.Arbitrary<Waiting> = fc.record({
  status: fc.constantFrom(...referralStatuses), receiver: fc.constantFrom('summit', null), needsAuthorisation: fc.boolean(), authorised: fc.boolean(), urgency: fc.constantFrom<Urgency>('routine', 'urgent', 'stat'),
  since: fc.integer({ min: parseInstant('2026-01-01T00:00:00Z'), max: parseInstant('2029-12-31T00:00:00Z') }).map((ms) => ms as Instant),
  visitAt: fc.constant(null), zone: fc.constantFrom('America/Denver', 'America/Phoenix', 'America/New_York').map(parseZone),
});

describe('due times of referrals', () => {
  it('count working days by the calendar of the place: over Thanksgiving and a weekend, up to five in the afternoon', () => {
    expect(nextDue(waiting({ since: at('2026-11-24', '16:59') }))).toEqual({ dueAt: at('2026-11-27', '17:00'), waitsFor: 'receiver' });
    expect(nextDue(waiting({ status: 'received', since: at('2026-11-25', '08:00') }))).toEqual({ dueAt: at('2026-12-01', '17:00'), waitsFor: 'receiver' });
    expect(nextDue(waiting({ urgency: 'urgent', since: at('2026-07-02', '09:00') }))).toEqual({ dueAt: at('2026-07-06', '17:00'), waitsFor: 'receiver' });
  });

  it('let what is stat run through the night', () => expect(nextDue(waiting({ urgency: 'stat', since: at('2026-11-25', '23:30') }))?.dueAt).toBe(at('2026-11-26', '00:30')));

  it("give a payer its 72 hours or seven days where an authorisation is needed, else the sender's desk its time to book", () => {
    const since = at('2026-11-23', '10:00');
    expect(nextDue(waiting({ status: 'accepted', needsAuthorisation: true }))).toEqual({ dueAt: plusMs(since, 7 * DAY), waitsFor: 'receiver' });
    expect(nextDue(waiting({ status: 'accepted', needsAuthorisation: true, urgency: 'urgent' }))?.dueAt).toBe(plusMs(since, 72 * HOUR));
    expect(nextDue(waiting({ status: 'accepted' }))).toEqual({ dueAt: at('2026-12-01', '17:00'), waitsFor: 'sender' });
  });

  it('give the payer its time again once the authorisation has run out', () => {
    expect(nextDue(waiting({ status: 'authorised', authorised: true }))?.waitsFor).toBe('sender');
    expect(nextDue(waiting({ status: 'authorised', authorised: true, expired: true }))).toEqual({ dueAt: plusMs(at('2026-11-23', '10:00'), 7 * DAY), waitsFor: 'receiver' });
    expect(nextDue(waiting({ status: 'authorised', authorised: true, expired: true, receiver: null }))?.waitsFor).toBe('sender');
  });

  it('ask for the outcome after the visit, not after the booking', () => {
    expect(nextDue(waiting({ status: 'scheduled', visitAt: at('2027-02-12', '09:00') }))).toEqual({ dueAt: at('2027-02-16', '17:00'), waitsFor: 'receiver' });
  });

  it('exist for every open status and lie ahead; outside the network the sender is waited for, and nothing is due once the loop is closed', () => {
    fc.assert(fc.property(anyWaiting, (referral) => {
      const next = nextDue(referral);
      if (referral.status === 'closed' || referral.status === 'cancelled') return void expect(next).toBeNull();
      expect(next!.dueAt).toBeGreaterThan(referral.since);
      if (referral.receiver === null) expect(next!.waitsFor).toBe('sender');
    }));
  });

  it('are never later for what is more urgent', () => {
    fc.assert(fc.property(anyWaiting, (referral) => {
      const [stat, urgent, routine] = (['stat', 'urgent', 'routine'] as const).map((urgency) => nextDue({ ...referral, urgency })?.dueAt ?? 0);
      expect(stat).toBeLessThanOrEqual(urgent!);
      expect(urgent).toBeLessThanOrEqual(routine!);
    }));
  });

  it('that count working days end on one, at five by the wall clock', () => {
    fc.assert(fc.property(anyWaiting.filter(({ status }) => status === 'seen' || status === 'note-returned'), (referral) => {
      const { dueAt } = nextDue(referral)!;
      expect(isWorkingDay(localDateOf(dueAt, referral.zone))).toBe(true);
      expect(localTimeOf(dueAt, referral.zone)).toBe('17:00');
    }));
  });
});
