import { Controller, Get, Res } from '@nestjs/common';
import { ApiProduces } from '@nestjs/swagger';
import { language } from '@slotmesh/contracts';
import { ZodParam, ZodQuery } from '@slotmesh/platform';
import { PublicRoute } from '@slotmesh/security';
import type { FastifyReply } from 'fastify';
import { z } from 'zod';
import { ReadEducationPage } from './queries/read-education-page';

const HEADERS = {
  'content-security-policy': "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  'cache-control': 'public, max-age=300', 'referrer-policy': 'no-referrer', 'x-content-type-options': 'nosniff', 'x-frame-options': 'DENY', 'x-robots-tag': 'noindex, nofollow',
} as const;
const pageQuery = z.looseObject({ language: language.default('en').catch('en') });

/** Short, because it stands in texts. */
@Controller('e')
@PublicRoute('approved content for everybody, by an id that nobody guesses; it says nothing of any patient')
export class EducationPageController {
  constructor(private readonly read: ReadEducationPage) {}

  /** What to know before a visit, as a page: in `language`, else in the one that there is. 404: not approved by everybody who is to use it, or retired. */
  @Get(':id')
  @ApiProduces('text/html')
  async page(@ZodParam('id', z.uuid()) id: string, @ZodQuery(pageQuery) by: z.output<typeof pageQuery>, @Res() reply: FastifyReply): Promise<void> {
    void reply.status(200).headers(HEADERS).type('text/html; charset=utf-8').send(await this.read.execute(id, by.language));
  }
}
