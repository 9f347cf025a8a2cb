import { parsePhoneNumberFromString } from 'libphonenumber-js';

/** E.164 of what was typed, a US number where no country is given; null where no such number can exist. */
export function phoneNumber(text: string): string | null {
  const parsed = parsePhoneNumberFromString(text.trim(), 'US');
  return parsed?.isPossible() ? parsed.number : null;
}

/** What may stand in From: a phone number, a short code, or a name of up to 11 characters with a letter in it. */
export function senderId(text: string): string | null {
  const sender = text.trim();
  if (/^\d{5,6}$/.test(sender)) return sender;
  if (/^(?=.*[A-Za-z])[A-Za-z0-9 ]{1,11}$/.test(sender)) return sender;
  return phoneNumber(sender);
}
