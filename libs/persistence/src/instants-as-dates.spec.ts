import fc from 'fast-check';
import { types } from 'pg';
import { dateOf, instantsAsDates } from './instants-as-dates';

describe('instants out of PostgreSQL', () => {
  const asBefore: (text: string) => Date | number = types.getTypeParser(types.builtins.TIMESTAMPTZ);

  it('are read as pg reads them, with any fraction of a second', () => {
    fc.assert(fc.property(
      fc.date({ min: new Date('0100-01-01T00:00:00Z'), max: new Date('9999-12-31T23:59:59Z'), noInvalidDate: true }), fc.integer({ min: 0, max: 6 }), fc.integer({ min: 0, max: 999_999 }),
      (date, length, micros) => {
        const fraction = length === 0 ? '' : `.${String(micros).padStart(6, '0').slice(0, length)}`;
        const text = `${date.toISOString().slice(0, 19).replace('T', ' ')}${fraction}+00`;
        expect(dateOf(text)).toEqual(asBefore(text));
      },
    ));
  });

  it.each(['infinity', '-infinity', '0044-03-15 12:00:00+00 BC', '10000-01-01 00:00:00+00', '2026-03-08 08:00:00-05', '2026-03-08 13:00:00+05:30', '0099-12-31 23:59:59.5+00'])('leave %s to pg', (text) => {
    expect(dateOf(text)).toEqual(asBefore(text));
  });

  it('are the only values that are read in another way', () => {
    for (const oid of Object.values(types.builtins)) {
      if (oid !== types.builtins.TIMESTAMPTZ) expect(instantsAsDates.getTypeParser(oid)).toBe(types.getTypeParser(oid));
    }
  });
});
