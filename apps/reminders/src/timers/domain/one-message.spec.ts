import { networkPlanSteps } from '../../plans/domain/network-plan';
import { HOUR, newId, parseInstant, parseZone, plusMs } from '@slotmesh/kernel';
import { type Requested, type VisitToTell, intoMessages } from './one-message';
import { hasReached } from './reached';

const zone = parseZone('America/Denver');
const patient = newId();
const noon = parseInstant('2026-07-02T18:00:00Z');
const reminder = networkPlanSteps.find((step) => step.id === 'text-1d')!;
const feedback = networkPlanSteps.find((step) => step.id === 'feedback')!;
function asked(over: Partial<VisitToTell> = {}, step = reminder, channels: ('sms' | 'email')[] = ['sms']): Requested {
  if (step.action !== 'message') throw new Error('a call is no message');
  const visit: VisitToTell = { id: newId(), host: 'summit', booking: 'summit', patient, start: noon, confidential: false, ...over };
  return { visit, zone, decision: { kind: 'request', step, channels, class: 'consented-care', mustReach: false } };
}
const sizes = (...requested: Requested[]) => intoMessages(requested).map((message) => message.length);

describe('visits of one patient on one day', () => {
  it('become one message where template, channels and host are the same', () => {
    expect(sizes(asked(), asked({ start: plusMs(noon, 2 * HOUR) }), asked())).toEqual([3]);
  });

  it('stay apart where patient, host, date, booking practice, template or channel differ', () => {
    expect(sizes(asked(), asked({ patient: newId() }), asked({ host: 'desert' }), asked({ booking: 'harbor' }), asked({}, feedback), asked({}, reminder, ['email']))).toEqual([1, 1, 1, 1, 1, 1]);
    // 23:30 and 00:30 of Denver are two dates, though one in UTC.
    expect(sizes(asked({ start: parseInstant('2026-07-02T05:30:00Z') }), asked({ start: parseInstant('2026-07-02T06:30:00Z') }))).toEqual([1, 1]);
  });

  it('a confidential visit stands alone, one visit is named once in a message, and more than five are split', () => {
    expect(sizes(asked({ confidential: true }), asked({ confidential: true }), asked())).toEqual([1, 1, 1]);
    const one = asked();
    expect(sizes(one, one)).toEqual([1, 1]);
    expect(sizes(...Array.from({ length: 12 }, () => asked()))).toEqual([5, 5, 2]);
  });
});

describe('whether a patient was reached', () => {
  it('is decided by the last message that was asked for, by any of its channels', () => {
    const [monday, tuesday] = [noon, plusMs(noon, 24 * HOUR)];
    expect(hasReached([])).toBe(false);
    expect(hasReached([{ state: 'delivered', dueAt: monday }, { state: 'undelivered', dueAt: tuesday }])).toBe(false);
    expect(hasReached([{ state: 'undelivered', dueAt: tuesday }, { state: 'sent', dueAt: tuesday }])).toBe(true);
    for (const state of ['requested', 'unknown', 'skipped', 'call-list']) expect(hasReached([{ state, dueAt: monday }])).toBe(false);
  });
});
