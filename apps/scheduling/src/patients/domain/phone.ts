import { type Brand, DomainError } from '@slotmesh/kernel';
import { parsePhoneNumberFromString } from 'libphonenumber-js';

/** E.164, `+16175550123`. */
export type Phone = Brand<string, 'Phone'>;

/** The message never repeats the number: it ends in logs and problem documents. */
export class PhoneImpossible extends DomainError {
  constructor(rule: string) {
    super('invalid', 'phone-impossible', `This phone number ${rule}`);
  }
}

// Why beside the library: it lets numbers like 809-000-0000 through, but an exchange never begins with 0 or 1 and is never N11 (NANPA).
const NORTH_AMERICAN = /^[2-9]\d\d(?!.11)[2-9]\d{6}$/;

/**
 * Reads a number as people write it; without `+` and country it is one of the United States. Throws PhoneImpossible where no such number can have been
 * given out (length, area code and exchange by the numbering plans, as libphonenumber knows them). The fictional 555-0100 to 555-0199 pass: the plan has
 * them, and no sender reaches anyone by them.
 */
export function parsePhone(text: string): Phone {
  // Why no extraction: "ask for Ann, 617 555 0123" is a note, and part of a wrong number would be somebody else's right one.
  const number = parsePhoneNumberFromString(text.trim(), { defaultCountry: 'US', extract: false });
  if (!number) throw new PhoneImpossible('is not written as one. Give area code and number, such as 617-555-0123, or + and the country code.');
  if (number.ext) throw new PhoneImpossible('has an extension, which no text and no automatic call can reach. Give the number alone.');
  if (!number.isValid() || (number.countryCallingCode === '1' && !NORTH_AMERICAN.test(number.nationalNumber))) throw new PhoneImpossible('cannot exist: no number of this length and area was ever given out. Check the digits.');
  return number.number as string as Phone;
}
