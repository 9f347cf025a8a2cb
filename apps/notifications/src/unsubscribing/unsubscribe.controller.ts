import { Controller, Get, Param, Post, Res } from '@nestjs/common';
import { ApiConsumes, ApiProduces } from '@nestjs/swagger';
import { PublicRoute } from '@slotmesh/security';
import type { FastifyReply } from 'fastify';
import { PAGE_HEADERS, askPage, donePage, unknownPage } from './unsubscribe-page';
import { Unsubscribe } from './unsubscribe';
import { UnsubscribeLinks } from './unsubscribe-links';

/** Where List-Unsubscribe leads (RFC 8058). */
@Controller('u')
@PublicRoute('The link is signed, and can do nothing but end mail to one address')
export class UnsubscribeController {
  constructor(private readonly links: UnsubscribeLinks, private readonly unsubscribe: Unsubscribe) {}

  /** A page with one button; nothing is changed by opening it. */
  @Get(':token')
  @ApiProduces('text/html')
  show(@Param('token') token: string, @Res() reply: FastifyReply): void {
    if (this.links.read(token) === null) return send(reply, 404, unknownPage());
    send(reply, 200, askPage(`/u/${token}`));
  }

  /** Ends this mail at once, by the button or by the mailbox itself (`List-Unsubscribe=One-Click`). No sign-in, no question, no redirect. */
  @Post(':token')
  @ApiConsumes('application/x-www-form-urlencoded', 'multipart/form-data')
  @ApiProduces('text/html')
  async end(@Param('token') token: string, @Res() reply: FastifyReply): Promise<void> {
    const named = this.links.read(token);
    if (named === null) return send(reply, 404, unknownPage());
    await this.unsubscribe.execute(named);
    send(reply, 200, donePage());
  }
}

function send(reply: FastifyReply, status: number, page: string): void {
  void reply.status(status).headers(PAGE_HEADERS).type('text/html; charset=utf-8').send(page);
}
