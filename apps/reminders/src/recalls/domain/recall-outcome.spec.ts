import { consequenceOf } from './recall-outcome';

describe('what becomes of a recall with the outcome of its message', () => {
  it.each(['wrong-number', 'confidential', 'unreachable'])('P14: whom nothing reaches because of %s is phoned', (reason) => {
    expect(consequenceOf({ outcome: 'skipped', reason })).toEqual({ kind: 'call', reason });
  });

  it('nobody phones about somebody who is gone, and nothing goes to them again', () => {
    expect(consequenceOf({ outcome: 'skipped', reason: 'patient-gone' })).toEqual({ kind: 'end', reason: 'patient-gone' });
  });
});
