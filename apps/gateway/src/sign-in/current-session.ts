import { Inject, Injectable } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { GATEWAY_CONFIG, type GatewayConfig } from '../config';
import { type Cookies, cookiesOf } from './chunked-cookie';
import { assertOwnPage } from './csrf';
import type { Session } from './session';
import { SessionCookies } from './session-cookies';
import { Sessions } from './sessions';

/** The session that a request lives on. */
@Injectable()
export class CurrentSession {
  constructor(
    private readonly sessions: Sessions,
    private readonly cookies: SessionCookies,
    @Inject(GATEWAY_CONFIG) private readonly config: GatewayConfig,
  ) {}

  /** Null where nobody is signed in. Writes the cookies again where the session was renewed, and removes them where it has ended. */
  async of(request: FastifyRequest, reply: FastifyReply): Promise<Session | null> {
    const present = cookiesOf(request.headers.cookie);
    const sealed = await this.cookies.read(present);
    return sealed === null ? null : this.kept(sealed, present, reply);
  }

  /** The access token to send on, null where nobody is signed in. Throws ForeignRequestRefused where the request changes something and no page of ours sent it. */
  async accessToken(request: FastifyRequest, reply: FastifyReply): Promise<string | null> {
    const present = cookiesOf(request.headers.cookie);
    const sealed = await this.cookies.read(present);
    if (sealed === null) return null;
    this.assertOwnPage(request, present, sealed);
    const session = await this.kept(sealed, present, reply);
    return session?.accessToken ?? null;
  }

  assertOwnPage(request: FastifyRequest, present: Cookies, session: Session): void {
    assertOwnPage(request, present, session, this.cookies.csrfCookie, this.config.PUBLIC_URL);
  }

  private async kept(sealed: Session, present: Cookies, reply: FastifyReply): Promise<Session | null> {
    const session = await this.sessions.current(sealed);
    const lines = session === null ? this.cookies.remove(present) : session === sealed ? [] : await this.cookies.write(present, session);
    for (const line of lines) void reply.header('set-cookie', line);
    return session;
  }
}
