import { createHmac } from 'node:crypto';

export type FormFields = readonly (readonly [string, string])[];

/**
 * X-Twilio-Signature: base64 of HMAC-SHA1 with the account's auth token over the full URL and every field's name and value, sorted by name.
 * Repeated values of one name count once and are sorted. https://www.twilio.com/docs/usage/security#validating-requests
 */
export function sign(authToken: string, url: string, fields: FormFields): string {
  const byName = new Map<string, Set<string>>();
  for (const [name, value] of fields) byName.set(name, (byName.get(name) ?? new Set()).add(value));
  const names = [...byName.keys()].sort();
  const text = names.map((name) => [...(byName.get(name) ?? [])].sort().map((value) => name + value).join('')).join('');
  return createHmac('sha1', authToken).update(url + text, 'utf8').digest('base64');
}
