import { RequestClient, Twilio } from 'twilio';
import { ACCOUNT, TOKEN } from './sandbox-under-test';

/** Sends what is meant for api.twilio.com to the sandbox: the whole change that a user of the real client needs. */
class LocalRequestClient extends RequestClient {
  constructor(private readonly base: string) {
    super({ timeout: 3_000 });
  }

  override request<TData>(options: Parameters<typeof RequestClient.prototype.request<TData>>[0]): ReturnType<typeof RequestClient.prototype.request<TData>> {
    return super.request<TData>({ ...options, uri: options.uri.replace('https://api.twilio.com', this.base) });
  }
}

export const twilioAt = (base: string, token = TOKEN): Twilio => new Twilio(ACCOUNT, token, { httpClient: new LocalRequestClient(base) });
