import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import { fastifyCookie } from '@fastify/cookie';
import { type Instant, MINUTE, instant, plusMs } from '@slotmesh/kernel';

/** Domain minutes for which a right birth date opens the page. */
const OPEN_MINUTES = 15;
const COOKIE = 'visit-page';
const SHAPE = /^([A-Za-z0-9_-]{22})\.(\d{1,15})\.([A-Za-z0-9_-]{43})$/;

/** One browser before one link. `openUntil` 0: no birth date given yet; the cookie then only binds the form. */
export interface PageSession {
  readonly value: string;
  readonly openUntil: Instant;
}

/**
 * The cookie of a page and the token of its forms (OWASP: signed double submit), both bound to the link: what one link opened is worth nothing at another. The
 * cookie is HttpOnly, SameSite=Strict and goes to this link's path only, so a scanner or another site has neither of the two.
 */
export class PageSessions {
  constructor(private readonly key: Buffer, private readonly secure: boolean) {}

  read(token: string, cookieHeader: string | undefined): PageSession | null {
    const value = cookieHeader === undefined ? undefined : fastifyCookie.parse(cookieHeader)[COOKIE];
    const [, nonce, until, mac] = SHAPE.exec(value ?? '') ?? [];
    if (value === undefined || nonce === undefined || until === undefined || mac === undefined || !same(mac, this.mac('session', token, `${nonce}.${until}`))) return null;
    return { value, openUntil: instant(Number(until)) };
  }

  closed(token: string): PageSession {
    return this.make(token, instant(0));
  }

  opened(token: string, now: Instant): PageSession {
    return this.make(token, plusMs(now, OPEN_MINUTES * MINUTE));
  }

  /** The `set-cookie` line. */
  cookieOf(token: string, session: PageSession): string {
    return fastifyCookie.serialize(COOKIE, session.value, { httpOnly: true, secure: this.secure, sameSite: 'strict', path: `/a/${token}`, maxAge: OPEN_MINUTES * 60 });
  }

  /** What every form of the page carries. */
  formTokenOf(token: string, session: PageSession): string {
    return this.mac('form', token, session.value);
  }

  isFormOf(token: string, session: PageSession | null, given: string): boolean {
    return session !== null && same(given, this.formTokenOf(token, session));
  }

  private make(token: string, openUntil: Instant): PageSession {
    const text = `${randomBytes(16).toString('base64url')}.${openUntil}`;
    return { value: `${text}.${this.mac('session', token, text)}`, openUntil };
  }

  private mac(purpose: string, token: string, text: string): string {
    return createHmac('sha256', this.key).update(`${purpose}\0${token}\0${text}`).digest('base64url');
  }
}

const same = (a: string, b: string): boolean => {
  const [left, right] = [Buffer.from(a), Buffer.from(b)];
  return left.length === right.length && timingSafeEqual(left, right);
};
