import { type PracticeId, parseInstant } from '@slotmesh/kernel';
import { type Fact, changeOf } from './visit-change';

const at = parseInstant('2026-07-01T12:00:00Z');
const desk = { kind: 'host', practice: 'harbor' as PracticeId } as const;
const patient = { kind: 'patient', practice: null } as const;
const system = { kind: 'system', practice: null } as const;
const change = (fact: Fact, status: 'booked' | 'pending' | 'cancelled' | 'arrived' | 'noshow' | 'fulfilled', previous: 'pending' | 'arrived' | 'booked' | 'noshow' | 'checked-in' | null = null, by: typeof desk | typeof patient | typeof system = desk) => changeOf(fact, { status }, previous, by, at);

describe('a change of a visit', () => {
  it('asks for nothing while a request waits for approval, and for the confirmation once it is approved', () => {
    expect(change('booked', 'pending')).toBeNull();
    expect(change('went-on', 'booked', 'pending')).toEqual({ trigger: 'booked', answersPatient: true, at });
    expect(change('went-on', 'cancelled', 'pending')).toEqual({ trigger: 'cancelled', answersPatient: false, at });
  });
  it('tells of one move, and of no end, where the visit goes on at another practice', () => {
    expect(changeOf('cancelled', { status: 'cancelled' }, null, desk, at, true)).toBeNull();
    expect(changeOf('booked', { status: 'booked' }, null, desk, at, true)).toEqual({ trigger: 'moved', answersPatient: true, at });
  });
  it('P15: answers the patient where the patient acted, and is a notice of the practice where it did', () => {
    expect(change('booked', 'booked')?.answersPatient).toBe(true);
    expect(change('booked', 'booked', null, system)?.answersPatient).toBe(false);
    expect(change('rescheduled', 'booked')).toEqual({ trigger: 'moved', answersPatient: false, at });
    expect(change('rescheduled', 'booked', null, patient)?.answersPatient).toBe(true);
    expect(change('cancelled', 'cancelled', 'booked', patient)?.answersPatient).toBe(true);
  });
  it('plans nothing new for a visit that began, and only times for one that was reopened', () => {
    expect(change('went-on', 'arrived', 'booked')).toBeNull();
    expect(change('went-on', 'booked', 'arrived')).toEqual({ trigger: null, answersPatient: false, at });
  });
  it('P15: an outcome calls for what follows the visit, never as the answer to an act of the patient, and only when it comes to be', () => {
    expect(change('went-on', 'noshow', 'booked')).toEqual({ trigger: 'noshow', answersPatient: false, at });
    expect(change('went-on', 'fulfilled', 'checked-in', patient)).toEqual({ trigger: 'fulfilled', answersPatient: false, at });
    expect(change('went-on', 'noshow', 'noshow')).toBeNull();
    expect(change('went-on', 'booked', 'noshow')).toEqual({ trigger: null, answersPatient: false, at });
  });
});
