import type { Message, MessageStatus } from './message';
import { API_VERSION } from './representation';
import type { FormFields } from './signature';

/** The form of a status callback. */
export function statusFields(message: Message, status: MessageStatus, errorCode: number | null, at: Date): FormFields {
  const fields: [string, string][] = [
    ['SmsSid', message.sid],
    ['SmsStatus', status],
    ['MessageStatus', status],
    ['To', message.to],
    ['MessageSid', message.sid],
    ['AccountSid', message.accountSid],
    ['From', message.from ?? ''],
    ['ApiVersion', API_VERSION],
  ];
  if (message.messagingServiceSid) fields.push(['MessagingServiceSid', message.messagingServiceSid]);
  if (errorCode !== null) fields.push(['ErrorCode', String(errorCode)]);
  if (status === 'delivered' || status === 'undelivered') fields.push(['RawDlrDoneDate', at.toISOString().replace(/\D/g, '').slice(2, 12)]);
  return fields;
}

/** The form that an inbound text posts. */
export function inboundFields(message: Message): FormFields {
  return [
    ['ToCountry', 'US'],
    ['FromCountry', 'US'],
    ['SmsMessageSid', message.sid],
    ['NumMedia', String(message.numMedia)],
    ['SmsSid', message.sid],
    ['SmsStatus', 'received'],
    ['Body', message.body],
    ['To', message.to],
    ['NumSegments', String(message.numSegments)],
    ['MessageSid', message.sid],
    ['AccountSid', message.accountSid],
    ['From', message.from ?? ''],
    ['ApiVersion', API_VERSION],
  ];
}
