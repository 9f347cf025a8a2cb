import { Body, Controller, Headers, HttpCode, Inject, Post, Query, Req } from '@nestjs/common';
import { Header } from '@nestjs/common';
import { DomainError } from '@slotmesh/kernel';
import { PublicRoute } from '@slotmesh/security';
import type { FastifyRequest } from 'fastify';
import twilio from 'twilio';
import { z } from 'zod';
import { NOTIFICATIONS_CONFIG, type NotificationsConfig } from '../config';
import { StoreDeliveryReport } from './store-delivery-report';
import { StoreText } from './store-text';

const form = z.record(z.string(), z.union([z.string(), z.array(z.string())]));
const EMPTY = '<?xml version="1.0" encoding="UTF-8"?><Response></Response>';

class SignatureWrong extends DomainError {
  constructor() {
    super('forbidden', 'signature-wrong', 'This call does not bear the signature of the provider over the public address. Check PUBLIC_URL and TWILIO_AUTH_TOKEN.');
  }
}

/** What Twilio calls. Stored first and answered at once; worked off afterwards, once per MessageSid. */
@Controller('webhooks/twilio')
export class TwilioController {
  constructor(private readonly reports: StoreDeliveryReport, private readonly texts: StoreText, @Inject(NOTIFICATIONS_CONFIG) private readonly config: Pick<NotificationsConfig, 'PUBLIC_URL' | 'TWILIO_AUTH_TOKEN'>) {}

  /** Delivery reports (https://www.twilio.com/docs/messaging/guides/track-outbound-message-status). */
  @Post('status')
  @HttpCode(204)
  @PublicRoute("Twilio's signature over the public address is checked")
  async status(@Req() request: FastifyRequest, @Headers('x-twilio-signature') signature: string | undefined, @Body() body: unknown, @Query('attempt') attempt: unknown): Promise<void> {
    await this.reports.execute(this.signed(request, signature, body), typeof attempt === 'string' ? attempt : null);
  }

  /** Texts from patients. The answer is empty TwiML: what we say goes out as a message of its own, through the same evidence. */
  @Post('inbound')
  @HttpCode(200)
  @Header('content-type', 'text/xml')
  @PublicRoute("Twilio's signature over the public address is checked")
  async inbound(@Req() request: FastifyRequest, @Headers('x-twilio-signature') signature: string | undefined, @Body() body: unknown): Promise<string> {
    await this.texts.execute(this.signed(request, signature, body));
    return EMPTY;
  }

  private signed(request: FastifyRequest, signature: string | undefined, body: unknown): z.output<typeof form> {
    const fields = form.parse(body ?? {});
    // Why PUBLIC_URL and not the request's host: behind a gateway the host is another than the one that was signed.
    if (!signature || !twilio.validateRequest(this.config.TWILIO_AUTH_TOKEN, signature, this.config.PUBLIC_URL + request.originalUrl, fields)) throw new SignatureWrong();
    return fields;
  }
}
