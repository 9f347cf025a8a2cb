import { Inject, Injectable } from '@nestjs/common';
import { GATEWAY_CONFIG, type GatewayConfig } from '../config';
import { type CookieOptions, type Cookies, cookieLine, cookieRemoval, readChunks, writeChunks } from './chunked-cookie';
import { Seal } from './seal';
import { type PendingSignIn, type Session, pendingSignIn, session } from './session';

/** Minutes that a person may take at the provider's page. */
const SIGN_IN_MINUTES = 15;
const seconds = (): number => Math.floor(Date.now() / 1000);

/** The browser's cookies: a sealed session that no script can read, and the CSRF token that only scripts of this origin can read. */
@Injectable()
export class SessionCookies {
  private readonly seal: Seal;
  private readonly secure: boolean;
  private readonly prefix: string;

  constructor(@Inject(GATEWAY_CONFIG) config: GatewayConfig) {
    this.seal = new Seal(config.SESSION_KEY);
    this.secure = config.PUBLIC_URL.startsWith('https:');
    // Why: with `__Host-` a browser takes the cookie from this very host only; it needs https.
    this.prefix = this.secure ? '__Host-slotmesh' : 'slotmesh';
  }

  get csrfCookie(): string {
    return `${this.prefix}-csrf`;
  }

  async read(cookies: Cookies): Promise<Session | null> {
    const sealed = readChunks(cookies, `${this.prefix}-session`);
    return sealed === null ? null : this.seal.open('session', sealed, session);
  }

  /** No Max-Age: at a shared desk the session ends with the browser, at the latest at `ends`. */
  async write(present: Cookies, value: Session): Promise<string[]> {
    const sealed = await this.seal.close('session', value, value.ends);
    return [...writeChunks(present, `${this.prefix}-session`, sealed, this.options(true)), cookieLine(this.csrfCookie, value.csrf, this.options(false))];
  }

  remove(present: Cookies): string[] {
    const csrf = present[this.csrfCookie] === undefined ? [] : [cookieRemoval(this.csrfCookie, this.options(false))];
    return [...writeChunks(present, `${this.prefix}-session`, '', this.options(true)), ...csrf];
  }

  async writePending(pending: PendingSignIn): Promise<string> {
    const sealed = await this.seal.close('sign-in', pending, seconds() + SIGN_IN_MINUTES * 60);
    return cookieLine(this.pendingName(pending.state), sealed, { ...this.options(true), maxAge: SIGN_IN_MINUTES * 60 });
  }

  async readPending(cookies: Cookies, state: string): Promise<PendingSignIn | null> {
    const sealed = cookies[this.pendingName(state)];
    const pending = sealed === undefined ? null : await this.seal.open('sign-in', sealed, pendingSignIn);
    return pending?.state === state ? pending : null;
  }

  removePending(state: string): string {
    return cookieRemoval(this.pendingName(state), this.options(true));
  }

  /** The `cookie` header for a service behind the gateway: everything but our own. Null where nothing is left. */
  withoutOwn(header: string): string | null {
    const left = header.split(';').map((part) => part.trim()).filter((part) => part !== '' && !part.startsWith(`${this.prefix}-`));
    return left.length > 0 ? left.join('; ') : null;
  }

  /** One per attempt, so that two tabs can sign in side by side. */
  private pendingName(state: string): string {
    return `${this.prefix}-sign-in-${state.replace(/[^A-Za-z0-9_-]/g, '').slice(0, 12)}`;
  }

  private options(httpOnly: boolean): CookieOptions {
    return { httpOnly, secure: this.secure, sameSite: 'lax', path: '/' };
  }
}
