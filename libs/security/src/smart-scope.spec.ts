import * as fc from 'fast-check';
import { grants, joinedScope, readScope } from './smart-scope';

const interactions = ['r', 's', 'c', 'u', 'cu'] as const;
const letters = fc.subarray([...'cruds']).filter((some) => some.length > 0);

describe('scopes of SMART Backend Services', () => {
  it.each([['system/Appointment.read', 'rs'], ['system/Appointment.write', 'cud'], ['system/*.*', 'cruds'], ['system/Patient.rs', 'rs'], ['system/Slot.cruds', 'cruds']])('%s grants %s', (scope, expected) => {
    expect([...(readScope(scope)?.letters ?? [])].join('')).toBe(expected);
  });
  it.each(['patient/Appointment.rs', 'user/*.read', 'system/Appointment.sr', 'system/Appointment.', 'system/Appointment', 'system/appointment.rs', 'system/Appointment.rs?status=booked', 'system/Appointment.rs ', 'slotmesh', 'openid', ''])('%s grants nothing', (scope) => {
    expect(readScope(scope)).toBeNull();
    expect(grants([scope], { type: 'Appointment', interactions: 'r' })).toBe(false);
  });
  it('grants exactly the letters that are held for the type or for all types, together over several scopes', () => {
    fc.assert(fc.property(fc.array(fc.tuple(fc.constantFrom('*', 'Appointment', 'Patient'), letters), { maxLength: 4 }), fc.constantFrom(...interactions), (held, needed) => {
      const expected = [...needed].every((letter) => held.some(([type, some]) => type !== 'Patient' && some.includes(letter)));
      expect(grants(held.map(([type, some]) => `system/${type}.${some.join('')}`), { type: 'Appointment', interactions: needed })).toBe(expected);
    }));
  });
  it('joins what the routes of a type need into one scope that grants each of them', () => {
    fc.assert(fc.property(fc.array(fc.constantFrom(...interactions), { minLength: 1, maxLength: 5 }), (some) => {
      const needed = some.map((one) => ({ type: 'Slot', interactions: one }));
      for (const one of needed) expect(grants([joinedScope('Slot', needed)], one)).toBe(true);
    }));
  });
});
