import { HOUR, type Instant, type PracticeId, parseInstant, plusMs, type ProviderId, type SiteId, type Zone } from '@slotmesh/kernel';
import fc from 'fast-check';
import { type Appointment, step } from './appointment';
import { TransitionNotAllowed } from './transitions';

const by = parseInstant('2026-11-24T18:00:00Z');
const start = plusMs(by, 48 * HOUR);
/** As far as a step looks at it. */
const request = {
  status: 'pending', revision: 1, host: 'summit' as PracticeId, booking: 'harbor' as PracticeId, site: 's' as SiteId, provider: 'p' as ProviderId, modality: 'in-person', zone: 'America/Denver' as Zone, start, end: plusMs(start, HOUR),
  cancelFreeUntil: plusMs(start, -24 * HOUR), approval: { by, state: 'waiting' },
} as Appointment;

describe('a request of a partner', () => {
  it('is booked by a yes before its deadline, and by none at or after it', () => {
    expect(step(request, 'approve', plusMs(by, -1))).toMatchObject({ status: 'booked', revision: 2, approval: { by, state: 'approved' }, cancelFreeUntil: request.cancelFreeUntil });
    for (const late of [0, 1, HOUR]) expect(() => step(request, 'approve', plusMs(by, late))).toThrow('counts as declined');
  });

  it('binds nobody until it is approved: whoever hears of the yes inside the window may call it off without a mark', () => {
    expect(step({ ...request, cancelFreeUntil: plusMs(by, -2 * HOUR) }, 'approve', plusMs(by, -HOUR))).toMatchObject({ status: 'booked', cancelFreeUntil: null });
    expect(step(request, 'cancel', plusMs(by, -HOUR))).toMatchObject({ status: 'cancelled', cancelFreeUntil: null, approval: { state: 'withdrawn' } });
  });

  it('has one answer, whatever comes in whatever order', () => {
    const steps = fc.array(fc.tuple(fc.constantFrom('approve', 'decline', 'cancel', 'lapse'), fc.integer({ min: -3, max: 3 })), { minLength: 1, maxLength: 6 });
    fc.assert(fc.property(steps, (tried) => {
      let visit = request;
      const answers: string[] = [];
      for (const [name, hours] of tried) {
        try {
          visit = step(visit, name === 'lapse' ? 'decline' : name, plusMs(by, hours * HOUR) as Instant, name === 'lapse' ? 'lapsed' : name === 'decline' ? 'declined' : 'withdrawn');
          if (answers.at(-1) !== visit.approval?.state) answers.push(visit.approval!.state);
        } catch (error) {
          if (!(error instanceof TransitionNotAllowed)) expect([name, hours >= 0]).toEqual(['approve', true]);
        }
      }
      expect(answers.length).toBeLessThanOrEqual(1);
      expect(visit.status === 'pending').toBe(answers.length === 0);
      if (visit.status === 'booked') expect(visit.approval?.state).toBe('approved');
    }));
  });
});
