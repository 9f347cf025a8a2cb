import fc from 'fast-check';
import { parsePhone, PhoneImpossible } from './phone';

describe('phone', () => {
  it('is read as people write it and kept in E.164', () => {
    for (const text of ['617-555-0123', '(617) 555-0123', '+1 617 555 0123', '1 617.555.0123', ' 6175550123 ']) expect([text, parsePhone(text)]).toEqual([text, '+16175550123']);
    expect(parsePhone('+44 20 7946 0018')).toBe('+442079460018');
    expect(parsePhone('+52 55 1234 5678')).toBe('+525512345678');
  });

  it('takes every reserved 555-01xx number of the sample areas', () => {
    fc.assert(fc.property(fc.constantFrom('617', '508', '303', '602', '312', '212', '709'), fc.integer({ min: 0, max: 99 }), (area, n) => {
      const number = `+1${area}55501${String(n).padStart(2, '0')}`;
      expect(parsePhone(number)).toBe(number);
    }));
  });

  it('is refused when it cannot exist, with a rule and without the digits', () => {
    for (const text of [
      '', '911', '5550123', '617-055-0123', '617-155-0123', '016-555-0123', '809-000-0000', '617-911-0123', '+1 787 411 1234', '+1 999 555 1234', '617-555-01234', '617-555-012', '61755501234', '+1 617 555 0123 x12', 'ask for Ann, 617 555 0123', '617-555-0123 or 0124', '+999 12345678', 'phone', '1-800-FLOWERS1234567',
    ]) expect([text, refusal(text)]).toEqual([text, expect.stringMatching(/^This phone number [^0-9]+(617-555-0123[^0-9]+)?$/)]);
  });

  it('read once, it reads the same again', () => {
    fc.assert(fc.property(fc.integer({ min: 2_000_000_000, max: 9_999_999_999 }).map(String), (digits) => {
      fc.pre(refusal(digits) === null);
      expect(parsePhone(parsePhone(digits))).toBe(`+1${digits}`);
      expect(digits).toMatch(/^[2-9]\d\d[2-9]\d{6}$/);
    }));
  });

  it('whatever is typed, the answer is a number or a refusal', () => {
    fc.assert(fc.property(fc.string({ maxLength: 300 }), (text) => {
      if (refusal(text) === null) expect(parsePhone(text)).toMatch(/^\+[1-9]\d{6,14}$/);
    }), { numRuns: 1_000 });
  });
});

function refusal(text: string): string | null {
  try {
    parsePhone(text);
    return null;
  } catch (error) {
    if (error instanceof PhoneImpossible) return error.message;
    throw error;
  }
}
