import { InfrastructureError } from '@slotmesh/kernel';
import { z } from 'zod';

export interface ClientCredentials {
  readonly OIDC_TOKEN_URL: string;
  readonly OIDC_AUDIENCE: string;
  readonly CLIENT_ID: string;
  readonly CLIENT_SECRET: string;
}

const tokenAnswer = z.object({ access_token: z.string(), expires_in: z.number() }).loose();

/** Tokens by client credentials (RFC 6749 section 4.4), renewed a minute before they end. */
export class ServiceTokens {
  private current: { token: string; until: number } | null = null;
  private asking: Promise<string> | null = null;

  constructor(private readonly credentials: ClientCredentials) {}

  token(): Promise<string> {
    if (this.current && this.current.until > Date.now()) return Promise.resolve(this.current.token);
    return (this.asking ??= this.ask().finally(() => (this.asking = null)));
  }

  private async ask(): Promise<string> {
    const { OIDC_TOKEN_URL, CLIENT_ID, CLIENT_SECRET, OIDC_AUDIENCE } = this.credentials;
    const basic = Buffer.from(`${encodeURIComponent(CLIENT_ID)}:${encodeURIComponent(CLIENT_SECRET)}`).toString('base64');
    const response = await send(OIDC_TOKEN_URL, { method: 'POST', headers: { authorization: `Basic ${basic}`, 'content-type': 'application/x-www-form-urlencoded' }, body: tokenRequest(OIDC_AUDIENCE) });
    if (!response.ok) throw new InfrastructureError(`the sign-in provider refused this service's credentials (${response.status})`);
    const { access_token, expires_in } = tokenAnswer.parse(await response.json());
    this.current = { token: access_token, until: Date.now() + Math.max(expires_in - 60, 10) * 1_000 };
    return access_token;
  }
}

/** RFC 8707 wants an absolute URI as resource and providers refuse another; an audience that is a plain word goes as `audience` only. */
function tokenRequest(audience: string): string {
  const form = new URLSearchParams({ grant_type: 'client_credentials', audience });
  if (URL.canParse(audience)) form.set('resource', audience);
  return form.toString();
}

/** Asks another service a question. No answer, 5xx, 401 and 429 are infrastructure: the caller waits and asks again. */
export class ServiceClient {
  constructor(private readonly baseUrl: string, private readonly tokens: ServiceTokens) {}

  get<S extends z.ZodType>(path: string, schema: S, options: { absent: readonly number[] }): Promise<z.output<S> | null>;
  get<S extends z.ZodType>(path: string, schema: S): Promise<z.output<S>>;
  async get<S extends z.ZodType>(path: string, schema: S, options: { absent?: readonly number[] } = {}): Promise<z.output<S> | null> {
    return this.ask('GET', path, undefined, schema, options.absent ?? []);
  }

  async post<S extends z.ZodType>(path: string, body: unknown, schema: S): Promise<z.output<S>> {
    const answer = await this.ask('POST', path, body, schema, []);
    if (answer === null) throw new InfrastructureError('no answer');
    return answer;
  }

  private async ask<S extends z.ZodType>(method: string, path: string, body: unknown, schema: S, absent: readonly number[]): Promise<z.output<S> | null> {
    const response = await send(this.baseUrl + path, {
      method,
      headers: { authorization: `Bearer ${await this.tokens.token()}`, ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    if (absent.includes(response.status)) return null;
    if (!response.ok) throw new InfrastructureError(`another service answered ${response.status} to a question`);
    return schema.parse(await response.json());
  }
}

async function send(url: string, init: RequestInit): Promise<Response> {
  try {
    return await fetch(url, { ...init, signal: AbortSignal.timeout(5_000) });
  } catch (error) {
    throw new InfrastructureError('another service does not answer', { cause: error });
  }
}
