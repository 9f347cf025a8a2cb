import { referralStatus } from '@slotmesh/contracts';
import fc from 'fast-check';
import { allowedSteps, type Doer, OtherSideDecides, type ReferralStatus, ReferralStepNotAllowed, type ReferralStep, referralStatuses, referralSteps, statusAfter, type Steppable } from './transitions';

const inside = (status: ReferralStatus, more: Partial<Steppable> = {}): Steppable => ({ status, receiver: 'summit', needsAuthorisation: false, authorised: false, ...more });
const outside = (status: ReferralStatus, more: Partial<Steppable> = {}): Steppable => ({ ...inside(status, more), receiver: null });
const doers: readonly Doer[] = ['sender', 'receiver', 'visit'];
const all = (referral: Steppable): Record<string, ReferralStep[]> => Object.fromEntries(doers.map((doer) => [doer, allowedSteps(referral, doer)]).filter(([, steps]) => steps!.length > 0));
const anyReferral: fc.Arbitrary<Steppable> = fc.record({ status: fc.constantFrom(...referralStatuses), receiver: fc.constantFrom('summit', null), needsAuthorisation: fc.boolean(), authorised: fc.boolean() });

describe('referral steps', () => {
  it('know every status that events name, and no other', () => expect([...referralStatuses].sort()).toEqual([...referralStatus.options].sort()));

  it('inside the network are taken by the side that the issue names, and by the visit', () => {
    expect(Object.fromEntries(referralStatuses.map((status) => [status, all(inside(status))]))).toEqual({
      sent: { sender: ['cancel'], receiver: ['receive'] },
      received: { sender: ['cancel'], receiver: ['accept', 'decline'] },
      accepted: { sender: ['cancel'], receiver: ['decline', 'authorise'], visit: ['schedule'] },
      authorised: { sender: ['cancel'], receiver: ['decline', 'authorise'], visit: ['schedule'] },
      scheduled: { receiver: ['authorise'], visit: ['move', 'see', 'miss'] },
      seen: { sender: ['close'], receiver: ['return-note'] },
      'note-returned': { sender: ['close'] },
      declined: { sender: ['close'] },
      closed: {},
      cancelled: {},
    });
  });

  it('outside are all recorded by the sender, and reach the same end', () => {
    for (const status of referralStatuses) expect(Object.keys(all(outside(status))).filter((doer) => doer !== 'sender')).toEqual([]);
    const way: ReferralStep[] = ['accept', 'schedule', 'see', 'return-note', 'close'];
    expect(way.reduce<ReferralStatus>((status, step) => statusAfter(step, outside(status), 'sender'), 'sent')).toBe('closed');
  });

  it('do not let a visit be booked before the authorisation that is needed, and say so', () => {
    expect(() => statusAfter('schedule', inside('accepted', { needsAuthorisation: true }), 'visit')).toThrow("This referral needs the payer's authorisation");
    expect(statusAfter('schedule', inside('authorised', { needsAuthorisation: true, authorised: true }), 'visit')).toBe('scheduled');
  });

  it('leave a visit booked when a new authorisation is recorded', () => expect(statusAfter('authorise', inside('scheduled', { authorised: true }), 'receiver')).toBe('scheduled'));

  it('bring a missed visit back to where it was booked from', () => {
    expect(statusAfter('miss', inside('scheduled'), 'visit')).toBe('accepted');
    expect(statusAfter('miss', inside('scheduled', { authorised: true }), 'visit')).toBe('authorised');
  });

  it('refuse every other step with those that the asking side may take, or say that the other side decides', () => {
    fc.assert(fc.property(anyReferral, fc.constantFrom(...referralSteps), fc.constantFrom(...doers), (referral, step, doer) => {
      const allowed = allowedSteps(referral, doer);
      if (allowed.includes(step)) return void expect(referralStatuses).toContain(statusAfter(step, referral, doer));
      try {
        statusAfter(step, referral, doer);
      } catch (error) {
        if (error instanceof OtherSideDecides) return void expect(error).toMatchObject({ kind: 'forbidden' });
        expect(error).toBeInstanceOf(ReferralStepNotAllowed);
        return void expect(error).toMatchObject({ kind: 'conflict', details: { step, status: referral.status, allowed } });
      }
      throw new Error(`${step} from ${referral.status} by ${doer} was let through`);
    }));
  });

  it('never lose a referral: from whatever a sent one becomes, a way leads to closed, unless it was cancelled', () => {
    const next = (referral: Steppable): Steppable[] => doers.flatMap((doer) => allowedSteps(referral, doer).map((step) => ({ ...referral, authorised: referral.authorised || step === 'authorise', status: statusAfter(step, referral, doer) })));
    const reachable = (start: Steppable): Steppable[] => {
      const seen = new Map<string, Steppable>();
      for (const queue = [start]; queue.length > 0; ) {
        const referral = queue.pop()!;
        if (!seen.has(JSON.stringify(referral))) queue.push(...next(referral));
        seen.set(JSON.stringify(referral), referral);
      }
      return [...seen.values()];
    };
    for (const receiver of ['summit', null]) for (const needsAuthorisation of [true, false]) {
      const becomes = reachable({ ...inside('sent'), receiver, needsAuthorisation });
      expect(becomes.length).toBeGreaterThan(7);
      for (const referral of becomes) expect([referral.status, reachable(referral).some(({ status }) => status === 'closed')]).toEqual([referral.status, referral.status !== 'cancelled']);
    }
  });
});
