import type { MessageStatus } from './message';
import { callbackDelayMs, nextStep, type Fate } from './status-walk';

function walk(from: MessageStatus, fate: Fate): MessageStatus[] {
  const seen: MessageStatus[] = [];
  for (let step = nextStep(from, fate, 1, 'SM1'); step; step = nextStep(step.status, fate, 1, 'SM1')) seen.push(step.status);
  return seen;
}

describe('the walk of a status', () => {
  it('ends delivered', () => expect(walk('queued', { kind: 'delivered' })).toEqual(['sending', 'sent', 'delivered']));
  it('starts at accepted with a service', () => expect(walk('accepted', { kind: 'delivered' })).toEqual(['queued', 'sending', 'sent', 'delivered']));
  it('stays queued while the carrier takes nothing', () => expect(walk('queued', { kind: 'held' })).toEqual([]));
  it('ends undelivered with its code', () => {
    expect(walk('queued', { kind: 'undelivered', errorCode: 30005 })).toEqual(['sending', 'sent', 'undelivered']);
    expect(nextStep('sent', { kind: 'undelivered', errorCode: 30005 }, 1, 'SM1')?.errorCode).toBe(30005);
  });
  it('sends some callbacks out of order, the same ones for the same seed', () => {
    const late = (seed: number) => Array.from({ length: 200 }, (_, n) => callbackDelayMs(seed, `SM${n}`, 'sent') > callbackDelayMs(seed, `SM${n}`, 'delivered') + 15);
    expect(late(1)).toEqual(late(1));
    expect(late(1)).not.toEqual(late(2));
    expect(late(1).filter(Boolean).length).toBeGreaterThan(20);
  });
});
