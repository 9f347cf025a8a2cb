import http from 'node:http';
import twilio from 'twilio';
import type { NotificationsConfig } from '../config';

const RequestClient = twilio.RequestClient;

/** Twilio's own client, sent to another address: the sandbox, a recording proxy. */
class RedirectedClient extends RequestClient {
  constructor(private readonly base: string, timeout: number) {
    super({ timeout });
    this.axios.defaults.httpAgent = new http.Agent({ keepAlive: true });
  }

  override request<T>(options: Parameters<typeof RequestClient.prototype.request<T>>[0]): ReturnType<typeof RequestClient.prototype.request<T>> {
    const asked = new URL(options.uri);
    return super.request<T>({ ...options, uri: this.base.replace(/\/+$/, '') + asked.pathname + asked.search });
  }
}

export type TwilioClient = ReturnType<typeof twilio>;

/** Automatic retry stays off: a create has no idempotency key, so whether to repeat one is decided here and not in a library (P13). */
export function createTwilioClient(config: Pick<NotificationsConfig, 'TWILIO_ACCOUNT_SID' | 'TWILIO_AUTH_TOKEN' | 'TWILIO_BASE_URL' | 'PROVIDER_TIMEOUT_MS'>): TwilioClient {
  const { TWILIO_ACCOUNT_SID, TWILIO_AUTH_TOKEN, TWILIO_BASE_URL, PROVIDER_TIMEOUT_MS } = config;
  const httpClient = TWILIO_BASE_URL ? new RedirectedClient(TWILIO_BASE_URL, PROVIDER_TIMEOUT_MS) : new RequestClient({ timeout: PROVIDER_TIMEOUT_MS });
  return twilio(TWILIO_ACCOUNT_SID, TWILIO_AUTH_TOKEN, { httpClient, autoRetry: false });
}
