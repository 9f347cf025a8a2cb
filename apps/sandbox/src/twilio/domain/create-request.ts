import { phoneNumber, senderId } from './phone-number';
import { TwilioError } from './twilio-errors';

export type Form = Readonly<Record<string, string | readonly string[] | undefined>>;

/** A create request that the API would take, before the account's own rules (faults, opt-out). */
export interface CreateRequest {
  readonly to: string;
  readonly from: string | null;
  readonly messagingServiceSid: string | null;
  readonly body: string;
  readonly numMedia: number;
  readonly statusCallback: string | null;
  readonly validitySeconds: number;
  readonly sendAt: Date | null;
}

const MAX_BODY = 1600;
const MAX_VALIDITY = 36_000;

/** Reads the form of POST Messages.json. Throws TwilioError with the code that Twilio gives for each fault. `now` is domain time. */
export function readCreateRequest(form: Form, now: Date): CreateRequest {
  const media = values(form, 'MediaUrl');
  const service = readService(form);
  const from = readFrom(form, service);
  return {
    to: readTo(form, from),
    from,
    messagingServiceSid: service,
    body: readBody(form, media),
    numMedia: media.length,
    statusCallback: readStatusCallback(form),
    validitySeconds: readValidity(form),
    sendAt: readSendAt(form, service, now),
  };
}

const value = (form: Form, name: string): string => values(form, name)[0] ?? '';
const values = (form: Form, name: string): readonly string[] => {
  const found = form[name];
  if (found === undefined) return [];
  return typeof found === 'string' ? [found] : found;
};

function readService(form: Form): string | null {
  const sid = value(form, 'MessagingServiceSid');
  if (sid === '') return null;
  if (!/^MG[0-9a-fA-F]{32}$/.test(sid)) throw new TwilioError(21701, 'The Messaging Service does not exist');
  return sid;
}

function readFrom(form: Form, service: string | null): string | null {
  const text = value(form, 'From');
  if (text === '' && service === null) throw new TwilioError(21603, "A 'From' phone number is required.");
  if (text === '') return null;
  const from = senderId(text);
  if (from === null) throw new TwilioError(21212, `Invalid From Number (caller ID): ${text}`);
  return from;
}

function readTo(form: Form, from: string | null): string {
  const text = value(form, 'To');
  if (text === '') throw new TwilioError(21604, "A 'To' phone number is required.");
  const to = phoneNumber(text);
  if (to === null) throw new TwilioError(21211, `Invalid 'To' Phone Number: ${text}`);
  if (to === from) throw new TwilioError(21266, "'To' and 'From' number cannot be the same");
  return to;
}

function readBody(form: Form, media: readonly string[]): string {
  const body = value(form, 'Body');
  if (value(form, 'ContentSid') !== '') throw new TwilioError(21656, 'The sandbox keeps no content templates: send a Body.');
  if (body === '' && media.length === 0) throw new TwilioError(21602, 'Message body is required.');
  if ([...body].length > MAX_BODY) throw new TwilioError(21617, `The concatenated message body exceeds the ${MAX_BODY} character limit`);
  if (media.length > 10 || media.some((url) => !isHttpUrl(url))) throw new TwilioError(21620, 'Invalid media URL(s)');
  return body;
}

function readStatusCallback(form: Form): string | null {
  const url = value(form, 'StatusCallback');
  if (url === '') return null;
  // Why the underscore: Twilio refuses such host names, and a callback that works here must work there.
  if (!isHttpUrl(url) || new URL(url).hostname.includes('_')) throw new TwilioError(21609, `The StatusCallback URL ${url} is not a valid URL.`);
  return url;
}

function readValidity(form: Form): number {
  const text = value(form, 'ValidityPeriod');
  if (text === '') return MAX_VALIDITY;
  const seconds = /^\d+$/.test(text) ? Number(text) : NaN;
  if (!(seconds >= 1 && seconds <= MAX_VALIDITY)) throw new TwilioError(90007, 'Invalid validity period value');
  return seconds;
}

const SOONEST_S = 300;
const LATEST_S = 35 * 86_400;

function readSendAt(form: Form, service: string | null, now: Date): Date | null {
  const [type, text] = [value(form, 'ScheduleType'), value(form, 'SendAt')];
  // Why: without a service Twilio drops the schedule in silence and the text goes out now.
  if (service === null || (type === '' && text === '')) return null;
  if (text === '') throw new TwilioError(35111, 'SendAt timestamp is missing');
  const at = new Date(text);
  const ahead = (at.getTime() - now.getTime()) / 1000;
  if (type !== 'fixed' || !(ahead > SOONEST_S && ahead <= LATEST_S)) throw new TwilioError(35114, 'Scheduling does not support this timestamp');
  return at;
}

function isHttpUrl(text: string): boolean {
  return URL.canParse(text) && ['http:', 'https:'].includes(new URL(text).protocol);
}
