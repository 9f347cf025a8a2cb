import fc from 'fast-check';
import { birthDateOf } from './birth-date';

describe('a birth date in three fields', () => {
  it('is read with or without leading zeros and spaces', () => {
    expect(birthDateOf({ month: '3', day: '07', year: ' 1984' })).toBe('1984-03-07');
    expect(birthDateOf({ month: '02', day: '29', year: '2008' })).toBe('2008-02-29');
  });

  it('names the fields that cannot be right', () => {
    expect(birthDateOf({ month: '', day: '', year: '' })).toEqual(['month', 'day', 'year']);
    expect(birthDateOf({ month: '13', day: '1', year: '84' })).toEqual(['month', 'year']);
    expect(birthDateOf({ month: '2', day: '30', year: '1984' })).toEqual(['day']);
  });

  it('reads every date back', () => {
    fc.assert(fc.property(fc.date({ min: new Date('1850-01-01'), max: new Date('2199-12-31'), noInvalidDate: true }), (at) =>
      birthDateOf({ month: String(at.getUTCMonth() + 1), day: String(at.getUTCDate()), year: String(at.getUTCFullYear()) }) === at.toISOString().slice(0, 10)));
  });
});
