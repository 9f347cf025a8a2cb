import { timingSafeEqual } from 'node:crypto';
import { DomainError } from '@slotmesh/kernel';
import type { Cookies } from './chunked-cookie';
import type { Session } from './session';

export class ForeignRequestRefused extends DomainError {
  constructor(reason: string) {
    super('forbidden', 'csrf-refused', `This request was not sent by the console (${reason}). Reload the page and try again; programs use a bearer token instead of the cookie.`);
  }
}

const SAFE = new Set(['GET', 'HEAD']);

/**
 * A request that lives on the session cookie must prove that a page of this origin sent it: Origin, and the token that is bound to the session, in header
 * and cookie (OWASP: signed double submit; a token planted by a neighbouring host does not match the one under the seal). Throws ForeignRequestRefused.
 */
export function assertOwnPage(request: { method: string; headers: Readonly<Record<string, string | string[] | undefined>> }, cookies: Cookies, session: Session, csrfCookie: string, publicUrl: string): void {
  if (SAFE.has(request.method)) return;
  if (request.headers['origin'] !== new URL(publicUrl).origin) throw new ForeignRequestRefused('the Origin is another one');
  const sent = request.headers['x-csrf-token'];
  if (typeof sent !== 'string' || sent === '') throw new ForeignRequestRefused('the header x-csrf-token is missing');
  if (!same(sent, cookies[csrfCookie] ?? '') || !same(sent, session.csrf)) throw new ForeignRequestRefused('the header x-csrf-token does not match the session');
}

function same(a: string, b: string): boolean {
  const [left, right] = [Buffer.from(a), Buffer.from(b)];
  return left.length === right.length && timingSafeEqual(left, right);
}
