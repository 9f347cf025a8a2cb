import { DAY, HOUR, instant, parseInstant, parseZone, DEFAULT_QUIET_HOURS } from '@slotmesh/kernel';
import { defaultPlanSteps } from '../../plans/domain/default-plan';
import type { Reach } from '../../patients/domain/reach';
import { type VisitState, decideDue } from './due-step';

const noon = parseInstant('2026-07-01T16:00:00Z');
const night = parseInstant('2026-07-02T02:00:00Z');
const reach: Reach = { zone: parseZone('America/New_York'), quiet: DEFAULT_QUIET_HOURS, channels: ['sms', 'email'], barred: [], voiceOnly: false, gone: null };
const visit: VisitState = { revision: 2, status: 'booked', confirmed: false };
const decide = (id: string, over: { visit?: Partial<VisitState> | null; reach?: Partial<Reach>; now?: number; expiresAt?: number; answersPatient?: boolean } = {}) =>
  decideDue(
    { step: defaultPlanSteps.find((step) => step.id === id)!, revision: 2, expiresAt: instant(over.expiresAt ?? noon + DAY), answersPatient: over.answersPatient ?? false },
    defaultPlanSteps, over.visit === null ? null : { ...visit, ...over.visit }, { ...reach, ...over.reach }, instant(over.now ?? noon),
  );

describe('a due step', () => {
  it('is requested on the revision it was planned for, and on no other', () => {
    expect(decide('text-3d')).toEqual({ kind: 'request', channels: ['sms', 'email'], class: 'consented-care', mustReach: false });
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
    expect(decide('moved', { now: night })).toEqual({ kind: 'request', channels: ['sms'], class: 'consented-care', mustReach: true });
    expect(decide('cancelled', { visit: { status: 'cancelled' }, reach: { channels: [] } })).toEqual({ kind: 'call', reason: 'no-channel', urgent: true });
    expect(decide('moved', { expiresAt: noon })).toEqual({ kind: 'call', reason: 'expired', urgent: true });
    expect(decide('cancelled', { visit: { status: 'cancelled' }, answersPatient: true, now: night })).toEqual({ kind: 'request', channels: ['sms'], class: 'answer', mustReach: false });
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
});
