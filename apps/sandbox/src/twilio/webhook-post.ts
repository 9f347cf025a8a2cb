import { sign, type FormFields } from './domain/signature';
import { type FailureClass, retryPolicy } from './domain/webhook-retry';

export type PostOutcome = { readonly ok: true; readonly body: string } | { readonly ok: false; readonly failure: FailureClass; readonly reason: string };

/** Posts one webhook as Twilio does: form-encoded, signed over the full URL, redirects not followed. Never throws. */
export async function postWebhook(urlWithFragment: string, fields: FormFields, token: string, authToken: string, signal: AbortSignal): Promise<PostOutcome> {
  const { url, timeoutMs } = retryPolicy(urlWithFragment);
  try {
    const response = await fetch(url, {
      method: 'POST',
      redirect: 'manual',
      headers: {
        'content-type': 'application/x-www-form-urlencoded; charset=UTF-8',
        'x-twilio-signature': sign(authToken, url, fields),
        'i-twilio-idempotency-token': token,
        'user-agent': 'TwilioProxy/1.1',
        accept: '*/*',
      },
      body: new URLSearchParams(fields.map(([name, value]): [string, string] => [name, value])).toString(),
      signal: AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]),
    });
    const body = await response.text();
    if (response.ok) return { ok: true, body };
    return { ok: false, failure: response.status >= 500 ? '5xx' : '4xx', reason: `HTTP ${response.status}` };
  } catch (error) {
    return { ok: false, ...failureOf(error) };
  }
}

const NO_CONNECTION = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH', 'UND_ERR_CONNECT_TIMEOUT']);

function failureOf(error: unknown): { failure: FailureClass; reason: string } {
  const cause = error instanceof Error ? error.cause : null;
  const code = typeof cause === 'object' && cause !== null && 'code' in cause && typeof cause.code === 'string' ? cause.code : '';
  const reason = code !== '' ? code : error instanceof Error ? error.name : 'failed';
  return { failure: NO_CONNECTION.has(code) ? 'ct' : 'rt', reason };
}
