import fc from 'fast-check';
import { type MissedVisit, type ReminderStep, failureOf } from './reminder-failure';

const missed = (steps: readonly ReminderStep[], over: Partial<MissedVisit> = {}): MissedVisit => ({ steps, confirmed: false, calls: 0, reachable: true, ...over });
const step = (state: ReminderStep['state'], reason: string | null = null): ReminderStep => ({ state, reason });

describe('whether our reminders failed a patient who did not come', () => {
  it.each<[string, MissedVisit, string | null]>([
    ['none arrived', missed([step('undelivered', 'number-permanent'), step('skipped', 'already-confirmed')]), 'undelivered'],
    ['nobody knows of the only one', missed([step('unknown', 'outcome-unknown')]), 'unknown'],
    ['nothing was ever heard of it', missed([step('requested')]), 'unknown'],
    ['the desk was to phone and did not', missed([step('call-list', 'no-channel')], { reachable: false }), 'not-called'],
    ['the desk phoned in vain', missed([step('call-list', 'no-channel')], { calls: 1 }), null],
    ['it went stale in a queue of ours', missed([step('skipped', 'expired')]), 'expired'],
    ['its timer never fired', missed([step('waiting'), step('skipped', 'visit-noshow')]), 'not-sent'],
    ['one arrived', missed([step('undelivered'), step('delivered')]), null],
    ['the provider took one', missed([step('undelivered'), step('sent')]), null],
    ['the patient wants no texts', missed([step('skipped', 'opted-out')]), null],
    ['the patient gave no channel', missed([step('skipped', 'no-channel')], { reachable: false }), null],
    ['it was booked an hour before', missed([step('skipped', 'past-when-booked'), step('skipped', 'just-booked')]), null],
    ['the patient had confirmed', missed([step('undelivered')], { confirmed: true }), null],
    ['the desk took the patient to be there', missed([step('skipped', 'visit-arrived'), step('skipped', 'visit-checked-in')]), null],
    ['the plan has no reminder', missed([]), null],
  ])('%s', (_, visit, expected) => expect(failureOf(visit)).toBe(expected));

  it('nothing is our fault once one reminder went out, whatever became of the others', () => {
    const any = fc.record({ state: fc.constantFrom('waiting' as const, 'requested' as const, 'sent' as const, 'delivered' as const, 'undelivered' as const, 'unknown' as const, 'skipped' as const, 'call-list' as const), reason: fc.option(fc.constantFrom('expired', 'opted-out', 'visit-noshow', 'cap')) });
    fc.assert(fc.property(fc.array(any), fc.constantFrom('sent' as const, 'delivered' as const), fc.nat(), (steps, went, place) => {
      const all = [...steps.slice(0, place % (steps.length + 1)), step(went), ...steps.slice(place % (steps.length + 1))];
      expect(failureOf(missed(all))).toBeNull();
    }));
  });
});
