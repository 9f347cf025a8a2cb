import { TwilioError } from './twilio-errors';

const FROM: ReadonlyMap<string, (from: string) => TwilioError> = new Map([
  ['+15005550001', (from: string) => new TwilioError(21212, `Invalid From Number (caller ID): ${from}`)],
  ['+15005550007', (from: string) => new TwilioError(21606, `The 'From' phone number ${from} is not a valid, message-capable Twilio phone number for this destination.`)],
  ['+15005550008', (from: string) => new TwilioError(21611, `This 'From' number ${from} has exceeded the maximum number of queued messages`)],
]);

const TO: ReadonlyMap<string, (to: string) => TwilioError> = new Map([
  ['+15005550001', (to: string) => new TwilioError(21211, `Invalid 'To' Phone Number: ${to}`)],
  ['+15005550002', (to: string) => new TwilioError(21612, `The 'To' phone number ${to} is not currently reachable via SMS`)],
  ['+15005550003', (to: string) => new TwilioError(21408, `Permission to send an SMS has not been enabled for the region indicated by the 'To' number: ${to}`)],
  ['+15005550004', () => new TwilioError(21610, 'Attempt to send to unsubscribed recipient')],
  ['+15005550009', (to: string) => new TwilioError(21614, `'To' number is not a valid mobile number: ${to}`)],
]);

/** Twilio's magic test numbers (https://www.twilio.com/docs/iam/test-credentials): the refusal that a pair of numbers asks for, or null. */
export function magicRefusal(from: string | null, to: string): TwilioError | null {
  return FROM.get(from ?? '')?.(from ?? '') ?? TO.get(to)?.(to) ?? null;
}
