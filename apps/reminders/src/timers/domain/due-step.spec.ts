import { DAY, HOUR, instant, parseInstant, parseZone, plusMs, DEFAULT_QUIET_HOURS } from '@slotmesh/kernel';
import { networkPlanSteps } from '../../plans/domain/network-plan';
import { planSteps } from '../../plans/domain/plan';
import type { Reach } from '../../patients/domain/reach';
import { type Circumstances, type VisitState, decideDue } from './due-step';

const noon = parseInstant('2026-07-01T16:00:00Z');
const night = parseInstant('2026-07-02T02:00:00Z');
const reach: Reach = { zone: parseZone('America/New_York'), language: 'en', quiet: DEFAULT_QUIET_HOURS, channels: ['sms', 'email'], barred: [], voiceOnly: false, textOnly: false, gone: null };
const visit: VisitState = { revision: 2, status: 'booked', confirmed: false, start: plusMs(noon, 2 * DAY), revisedAt: plusMs(noon, -10 * DAY) };
const decide = (id: string, over: { visit?: Partial<VisitState> | null; reach?: Partial<Reach>; circumstances?: Partial<Circumstances>; now?: number; idealAt?: number; expiresAt?: number; answersPatient?: boolean } = {}, steps = networkPlanSteps) =>
  decideDue(
    { step: steps.find((step) => step.id === id)!, revision: 2, idealAt: instant(over.idealAt ?? noon), expiresAt: instant(over.expiresAt ?? noon + DAY), answersPatient: over.answersPatient ?? false },
    steps, over.visit === null ? null : { ...visit, ...over.visit }, { ...reach, ...over.reach }, { risk: 'normal', reached: false, ...over.circumstances }, instant(over.now ?? noon),
  );

describe('a due step', () => {
  it('is requested on the revision it was planned for, and on no other', () => {
    expect(decide('text-3d')).toMatchObject({ kind: 'request', channels: ['sms', 'email'], class: 'consented-care', mustReach: false });
    expect(decide('text-3d', { visit: { revision: 3 } })).toEqual({ kind: 'skip', reason: 'superseded' });
    expect(decide('text-3d', { visit: null })).toEqual({ kind: 'skip', reason: 'superseded' });
    for (const status of ['arrived', 'checked-in', 'fulfilled', 'noshow', 'cancelled', 'entered-in-error'] as const) expect(decide('text-1d', { visit: { status } })).toEqual({ kind: 'skip', reason: `visit-${status}` });
  });

  it('asks the confirmed no more, but reminds them the day before', () => {
    expect(decide('text-3d', { visit: { confirmed: true } })).toEqual({ kind: 'skip', reason: 'already-confirmed' });
    expect(decide('text-1d', { visit: { confirmed: true } }).kind).toBe('request');
  });

  it('P15: waits out quiet hours after an outage, or is skipped where that would be too late', () => {
    expect(decide('text-1d', { now: night })).toEqual({ kind: 'defer', until: parseInstant('2026-07-02T12:00:00Z') });
    expect(decide('text-1d', { now: night, expiresAt: night + HOUR })).toEqual({ kind: 'skip', reason: 'quiet-hours' });
    expect(decide('confirmation', { now: night, answersPatient: true })).toMatchObject({ kind: 'request', class: 'answer' });
  });

  it('P16: expires by its own rule', () => {
    expect(decide('text-3d', { expiresAt: noon })).toEqual({ kind: 'skip', reason: 'expired' });
  });

  it('P15: a notice that the practice moved or cancelled a visit is never dropped', () => {
    expect(decide('moved', { now: night })).toMatchObject({ kind: 'request', channels: ['sms'], class: 'consented-care', mustReach: true });
    expect(decide('cancelled', { visit: { status: 'cancelled' }, reach: { channels: [] } })).toEqual({ kind: 'call', reason: 'no-channel', urgent: true });
    expect(decide('moved', { expiresAt: noon })).toEqual({ kind: 'call', reason: 'expired', urgent: true });
    expect(decide('cancelled', { visit: { status: 'cancelled' }, answersPatient: true, now: night })).toMatchObject({ kind: 'request', channels: ['sms'], class: 'answer', mustReach: false });
  });

  it('P15 P17: a notice whose text a STOP forbids is called about at once, and its e-mail goes all the same', () => {
    const stopped: Partial<Reach> = { channels: ['email'], barred: ['sms'] };
    expect(decide('moved', { reach: stopped })).toEqual({ kind: 'call', reason: 'text-not-permitted', urgent: true });
    expect(decide('moved-email', { reach: stopped })).toMatchObject({ kind: 'request', channels: ['email'] });
    expect(decide('moved', { reach: stopped, answersPatient: true })).toMatchObject({ kind: 'request', channels: ['email'], class: 'answer' });
    expect(decide('text-3d', { reach: stopped })).toMatchObject({ kind: 'request', channels: ['email'] });
    expect(decide('moved', { reach: { channels: ['email'] } })).toMatchObject({ kind: 'request', channels: ['email'], mustReach: true });
  });

  it('goes to the call list where the patient has no channel or asked for calls, and nowhere after a death', () => {
    expect(decide('text-3d', { reach: { channels: [] } })).toEqual({ kind: 'call', reason: 'no-channel', urgent: false });
    expect(decide('text-3d', { reach: { voiceOnly: true } })).toEqual({ kind: 'call', reason: 'voice-only', urgent: false });
    expect(decide('email-5d', { reach: { channels: ['sms'] } })).toEqual({ kind: 'skip', reason: 'no-channel' });
    expect(decide('confirmation-email', { reach: { channels: ['email'] } })).toEqual({ kind: 'skip', reason: 'covered' });
    expect(decide('moved', { reach: { gone: 'patient-deceased' } })).toEqual({ kind: 'skip', reason: 'patient-deceased' });
  });

  it('a call is opened for the unconfirmed at high risk, and for those whom the last message did not reach', () => {
    expect(decide('call-high-risk', { circumstances: { risk: 'high' } })).toEqual({ kind: 'call', reason: 'high-risk', urgent: false });
    expect(decide('call-high-risk')).toEqual({ kind: 'skip', reason: 'not-high-risk' });
    expect(decide('call-high-risk', { circumstances: { risk: 'high' }, visit: { confirmed: true } })).toEqual({ kind: 'skip', reason: 'already-confirmed' });
    expect(decide('call-unreached')).toEqual({ kind: 'call', reason: 'unconfirmed', urgent: false });
    expect(decide('call-unreached', { circumstances: { reached: true } })).toEqual({ kind: 'skip', reason: 'reached' });
    expect(decide('call-unreached', { expiresAt: noon })).toEqual({ kind: 'skip', reason: 'expired' });
    expect(decide('call-unreached', { reach: { gone: 'patient-deceased' } })).toEqual({ kind: 'skip', reason: 'patient-deceased' });
  });

  it('never phones those first who are written to: a call comes only where no message arrives or none can be sent', () => {
    const high = { circumstances: { risk: 'high' as const } };
    expect(decide('call-high-risk', { ...high, reach: { textOnly: true } })).toEqual({ kind: 'skip', reason: 'text-only' });
    expect(decide('call-high-risk', { ...high, reach: { textOnly: true, channels: [] } })).toEqual({ kind: 'call', reason: 'high-risk', urgent: false });
    expect(decide('call-unreached', { reach: { textOnly: true } })).toEqual({ kind: 'call', reason: 'unconfirmed', urgent: false });
  });

  it('what follows a visit is sent on its outcome only: not while it has none, and not after a correction', () => {
    for (const status of ['booked', 'arrived', 'fulfilled', 'cancelled'] as const) expect(decide('no-show-note', { visit: { status } })).toEqual({ kind: 'skip', reason: `visit-${status}` });
    expect(decide('no-show-note', { visit: { status: 'noshow', start: plusMs(noon, -DAY) } })).toMatchObject({ kind: 'request', class: 'consented-care', mustReach: false });
    expect(decide('feedback', { visit: { status: 'fulfilled', start: plusMs(noon, -DAY), confirmed: true }, now: night })).toMatchObject({ kind: 'defer' });
    expect(decide('feedback', { visit: { status: 'noshow' } })).toEqual({ kind: 'skip', reason: 'visit-noshow' });
  });

  it('P16: a message that is late becomes a call where its plan says so, and not for a visit that has begun', () => {
    const steps = planSteps.parse([{ id: 'text-3d', when: { kind: 'days-before', days: 3, at: '10:00' }, template: 'visit-reminder', class: 'consented-care', channels: ['sms'], whenLate: 'call', staleAfterMinutes: 60 }]);
    const booked = plusMs(noon, -HOUR);
    expect(decide('text-3d', { visit: { revisedAt: booked }, idealAt: booked - 1 }, steps)).toEqual({ kind: 'call', reason: 'too-late-for-message', urgent: false });
    expect(decide('text-3d', { visit: { revisedAt: booked }, idealAt: booked }, steps)).toMatchObject({ kind: 'request' });
    expect(decide('text-3d', { expiresAt: noon }, steps)).toEqual({ kind: 'call', reason: 'expired', urgent: false });
    expect(decide('text-3d', { expiresAt: noon, visit: { start: noon } }, steps)).toEqual({ kind: 'skip', reason: 'expired' });
  });
});
