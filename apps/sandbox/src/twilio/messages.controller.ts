import { All, Body, Controller, Delete, Get, HttpCode, Param, Post, Query, Req, Res, UseFilters, UseGuards } from '@nestjs/common';
import { PublicRoute } from '@slotmesh/security';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Activity } from '../activity';
import { Faults } from '../faults/faults';
import { BasicAuthGuard } from './basic-auth.guard';
import { ChangeMessage } from './commands/change-message';
import { CreateMessage } from './commands/create-message';
import { type Form } from './domain/create-request';
import { phoneNumber } from './domain/phone-number';
import { representation } from './domain/representation';
import { methodNotAllowed, notFound, tooManyRequests } from './domain/twilio-errors';
import { FindMessages } from './find-messages';
import { readForm } from './form';
import { troubleAfter, troubleBefore } from './ordered-trouble';
import { TwilioErrorFilter } from './twilio-error.filter';

const pathOf = (request: FastifyRequest): string => request.url.split('?')[0] ?? '';

/** Twilio's Messages resource, API version 2010-04-01 (https://www.twilio.com/docs/messaging/api/message-resource). Errors in Twilio's shape. */
@Controller('2010-04-01/Accounts/:account')
@PublicRoute("Twilio's own HTTP Basic check")
@UseGuards(BasicAuthGuard)
@UseFilters(TwilioErrorFilter)
export class MessagesController {
  constructor(
    private readonly create: CreateMessage,
    private readonly change: ChangeMessage,
    private readonly find: FindMessages,
    private readonly faults: Faults,
    private readonly activity: Activity,
  ) {}

  /** 201 with the message, whose first status is queued, accepted (service) or scheduled. */
  @Post('Messages.json')
  async send(@Body() body: unknown, @Res() reply: FastifyReply): Promise<void> {
    await this.activity.during(async () => {
      const form = readForm(body);
      const to = recipientOf(form);
      const request = await this.faults.strike('sms', to, ['429', '500-before', '500-after', 'timeout-after', 'slow']);
      await troubleBefore(request);
      const carrier = await this.faults.strike('sms', to, ['undelivered', 'queue-held']);
      const message = await this.create.execute(form, carrier);
      if (!troubleAfter(request, reply)) await reply.status(201).send(representation(message));
    });
  }

  /** One page, newest first; To, From, DateSent, DateSent<, DateSent>, PageSize, Page, PageToken. */
  @Get('Messages.json')
  async list(@Query() query: Record<string, unknown>, @Req() request: FastifyRequest): Promise<object> {
    const to = typeof query['To'] === 'string' ? (phoneNumber(query['To']) ?? query['To']) : null;
    if (await this.faults.strike('sms', to, ['list-429'])) throw tooManyRequests();
    return this.find.list(pathOf(request), query);
  }

  /** One message, by `SID.json`. */
  @Get('Messages/:file')
  async fetch(@Param('file') file: string, @Req() request: FastifyRequest): Promise<object> {
    return representation(await this.find.one(sidOf(file, request), pathOf(request)));
  }

  /** Status=canceled or an empty Body (redaction). */
  @Post('Messages/:file')
  @HttpCode(200)
  async update(@Param('file') file: string, @Body() body: unknown, @Req() request: FastifyRequest): Promise<object> {
    return representation(await this.change.execute(sidOf(file, request), readForm(body), pathOf(request)));
  }

  /** Removes a message. */
  @Delete('Messages/:file')
  @HttpCode(204)
  remove(@Param('file') file: string, @Req() request: FastifyRequest): Promise<void> {
    return this.change.remove(sidOf(file, request), pathOf(request));
  }

  /** Anything else below an account is refused as Twilio does: 405 or 404. */
  @All('*')
  nothingElse(@Req() request: FastifyRequest): never {
    throw /\/Messages(\/[^/]+)?\.json$/.test(pathOf(request)) ? methodNotAllowed() : notFound(pathOf(request));
  }
}

function recipientOf(form: Form): string | null {
  const to = form['To'];
  return typeof to === 'string' ? (phoneNumber(to) ?? to) : null;
}

function sidOf(file: string, request: FastifyRequest): string {
  const sid = /^((?:SM|MM)[0-9a-fA-F]{32})\.json$/.exec(file)?.[1];
  if (!sid) throw notFound(pathOf(request));
  return sid;
}
