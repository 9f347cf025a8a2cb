import { DateTime } from 'luxon';
import type { Message } from './message';
import { deliveryErrorMessage } from './twilio-errors';

export const API_VERSION = '2010-04-01';

/** A message as the API shows it: snake case, RFC 2822 dates in GMT, numbers of segments and media as text. */
export function representation(message: Message) {
  const uri = `/${API_VERSION}/Accounts/${message.accountSid}/Messages/${message.sid}`;
  return {
    body: message.body,
    num_segments: String(message.numSegments),
    direction: message.direction,
    from: message.from,
    date_updated: rfc2822(message.updatedAt),
    price: message.price,
    error_message: deliveryErrorMessage(message.errorCode),
    uri: `${uri}.json`,
    account_sid: message.accountSid,
    num_media: String(message.numMedia),
    to: message.to,
    date_created: rfc2822(message.createdAt),
    status: message.status,
    sid: message.sid,
    date_sent: message.sentAt && rfc2822(message.sentAt),
    messaging_service_sid: message.messagingServiceSid,
    error_code: message.errorCode,
    price_unit: 'USD',
    api_version: API_VERSION,
    subresource_uris: { media: `${uri}/Media.json`, feedback: `${uri}/Feedback.json` },
  };
}

function rfc2822(at: Date): string {
  const text = DateTime.fromJSDate(at, { zone: 'utc' }).toRFC2822();
  if (text === null) throw new RangeError('not a date');
  return text;
}
