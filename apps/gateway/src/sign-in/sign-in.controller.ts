import { Controller, Get, HttpCode, Logger, Post, Query, Req, Res } from '@nestjs/common';
import { InfrastructureError } from '@slotmesh/kernel';
import { PublicRoute, type SubjectFacts, SubjectDirectory, permissionsOf } from '@slotmesh/security';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { type Cookies, cookiesOf } from './chunked-cookie';
import { CurrentSession } from './current-session';
import { returnPath } from './return-path';
import { SessionCookies } from './session-cookies';
import { SignInRefused, Sessions } from './sessions';

/** What the console tells the person after a sign-in that did not succeed. */
type Failure = 'unavailable' | 'expired' | 'refused';

/** Signing in and out with a browser. Programs do not use this: they bring a bearer token of the provider. */
@Controller('auth')
@PublicRoute('this is how a person gets a session; signing out checks the CSRF token')
export class SignInController {
  private readonly logger = new Logger('sign-in');

  constructor(
    private readonly sessions: Sessions,
    private readonly cookies: SessionCookies,
    private readonly current: CurrentSession,
    private readonly directory: SubjectDirectory,
  ) {}

  /** Sends the browser to the provider. `returnTo`: a path of this address to come back to. */
  @Get('login')
  async login(@Query('returnTo') returnTo: unknown, @Res() reply: FastifyReply): Promise<void> {
    await this.orTell(reply, async () => {
      const { pending, location } = await this.sessions.begin(returnPath(returnTo));
      return this.send(reply.header('set-cookie', await this.cookies.writePending(pending)), location.href);
    });
  }

  /** Where the provider sends the browser back to, with a code or an error. */
  @Get('callback')
  async callback(@Query('state') state: unknown, @Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    const present = cookiesOf(request.headers.cookie);
    const pending = typeof state === 'string' ? await this.cookies.readPending(present, state) : null;
    if (!pending) return this.tell(reply, 'expired');
    await this.orTell(reply, async () => {
      void reply.header('set-cookie', this.cookies.removePending(pending.state));
      const session = await this.sessions.complete(request.url, pending);
      return this.send(reply.header('set-cookie', await this.cookies.write(present, session)), pending.returnTo);
    });
  }

  /** Ends the session here; the browser goes on to `location`, where the provider forgets the person too. Needs the CSRF token. */
  @Post('logout')
  @HttpCode(200)
  async logout(@Req() request: FastifyRequest, @Res({ passthrough: true }) reply: FastifyReply): Promise<{ location: string }> {
    const present = cookiesOf(request.headers.cookie);
    const session = await this.cookies.read(present);
    if (session) this.current.assertOwnPage(request, present, session);
    const location = await this.sessions.endLocation();
    this.remove(reply, present);
    return { location };
  }

  /** Who is signed in, for which practice and with which permissions; `permissions` null: not known at the moment, `[]`: signed in, but no practice knows the person. */
  @Get('session')
  async session(@Req() request: FastifyRequest, @Res({ passthrough: true }) reply: FastifyReply): Promise<object> {
    void reply.header('cache-control', 'no-store');
    const session = await this.current.of(request, reply);
    if (!session) return { signedIn: false };
    const facts = await this.factsOf(session.subject);
    return {
      signedIn: true, subject: session.subject, name: session.name, email: session.email, ends: new Date(session.ends * 1000).toISOString(),
      practice: facts?.practice ?? null, roles: facts?.roles ?? null, permissions: facts && [...permissionsOf(facts.roles)],
    };
  }

  /** Null where scheduling cannot be asked: a person can be shown as signed in without it. */
  private async factsOf(subject: string): Promise<SubjectFacts | null> {
    try {
      return (await this.directory.find(subject)) ?? { practice: null, roles: [] };
    } catch (error) {
      if (error instanceof InfrastructureError) return null;
      throw error;
    }
  }

  private async orTell(reply: FastifyReply, step: () => Promise<void>): Promise<void> {
    try {
      await step();
    } catch (error) {
      if (error instanceof SignInRefused) return this.tell(reply, 'refused');
      if (error instanceof InfrastructureError) return this.tell(reply, 'unavailable');
      throw error;
    }
  }

  private tell(reply: FastifyReply, failure: Failure): void {
    this.logger.log({ msg: 'sign-in failed', failure });
    this.send(reply, `/console/?sign-in=${failure}`);
  }

  private send(reply: FastifyReply, location: string): void {
    void reply.header('cache-control', 'no-store').redirect(location, 303);
  }

  private remove(reply: FastifyReply, present: Cookies): void {
    for (const line of this.cookies.remove(present)) void reply.header('set-cookie', line);
  }
}
