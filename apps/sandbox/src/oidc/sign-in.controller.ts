import { Body, Controller, Get, Logger, Post, Req, Res } from '@nestjs/common';
import { PublicRoute } from '@slotmesh/security';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { OidcProvider } from './oidc-provider';
import { signIn } from './people';
import { signInPage } from './sign-in-page';

const form = z.object({ email: z.string().max(254).default(''), password: z.string().max(200).default('') });

/** The page on which a person signs in; the provider sends the browser here and takes it back. */
@Controller('sandbox/oidc/interaction/:uid')
@PublicRoute('the sign-in page itself; the interaction cookie ties it to one browser')
export class SignInController {
  private readonly logger = new Logger('oidc');

  constructor(private readonly oidc: OidcProvider) {}

  /** Shows the form; 400 where the sign-in is over. */
  @Get()
  async show(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    if (await this.isOpen(request, reply)) await this.page(reply, 200, signInPage({ email: '', wrong: false }));
  }

  /** Checks e-mail and password and takes the browser back to whoever asked; 401 shows the form again. */
  @Post()
  async submit(@Req() request: FastifyRequest, @Res() reply: FastifyReply, @Body() body: unknown): Promise<void> {
    if (!(await this.isOpen(request, reply))) return;
    const read = form.safeParse(body);
    const { email, password } = read.success ? read.data : { email: '', password: '' };
    const person = signIn(email, password);
    if (!person) return this.page(reply, 401, signInPage({ email, wrong: true }));
    this.oidc.seenFromOutside(request.raw);
    reply.hijack();
    await this.oidc.provider.interactionFinished(request.raw, reply.raw, { login: { accountId: person.email, remember: true } }, { mergeWithLastSubmission: false });
  }

  private async isOpen(request: FastifyRequest, reply: FastifyReply): Promise<boolean> {
    try {
      await this.oidc.provider.interactionDetails(request.raw, reply.raw);
      return true;
    } catch (error) {
      this.logger.debug(error instanceof Error ? error.message : 'no interaction');
      await this.page(reply, 400, signInPage({ email: '', wrong: false, over: true }));
      return false;
    }
  }

  private async page(reply: FastifyReply, status: number, html: string): Promise<void> {
    await reply
      .status(status)
      .header('cache-control', 'no-store')
      .header('content-security-policy', "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; frame-ancestors 'none'")
      .type('text/html; charset=utf-8')
      .send(html);
  }
}
