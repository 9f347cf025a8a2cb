import { Body, Controller, Headers, HttpCode, Inject, Post } from '@nestjs/common';
import { ApiConsumes } from '@nestjs/swagger';
import { DomainError } from '@slotmesh/kernel';
import { PublicRoute } from '@slotmesh/security';
import { NOTIFICATIONS_CONFIG, type NotificationsConfig } from '../config';
import { StoreReturnedMail } from './commands/store-returned-mail';
import { isSigned } from './domain/mail-signature';

/** What the relay of the domain of bounces hands in. Stored first and answered at once; worked off afterwards, once per mail. */
@Controller('webhooks/mail')
export class ReturnedMailController {
  constructor(private readonly store: StoreReturnedMail, @Inject(NOTIFICATIONS_CONFIG) private readonly config: Pick<NotificationsConfig, 'MAIL_INBOUND_SECRET'>) {}

  /**
   * One mail as it came, `message/rfc822`: bounces (RFC 3464) and complaints (RFC 5965) take effect, all else is forgotten. `Mail-Timestamp` is the present time in seconds,
   * `Mail-Signature` is `v1=` and the HMAC-SHA256, in hexadecimal digits, of that text, a full stop and the mail, under MAIL_INBOUND_SECRET. 403 where it is wrong or older than five minutes.
   */
  @Post('inbound')
  @HttpCode(204)
  @ApiConsumes('message/rfc822')
  @PublicRoute('The signature of the relay over the whole mail is checked')
  async inbound(@Headers('mail-timestamp') timestamp: string | undefined, @Headers('mail-signature') signature: string | undefined, @Body() raw: unknown): Promise<void> {
    const secret = this.config.MAIL_INBOUND_SECRET;
    if (secret === undefined) throw new DomainError('forbidden', 'inbound-mail-not-set-up', 'No mail is taken here before MAIL_INBOUND_SECRET is set, here and at the relay.');
    if (!Buffer.isBuffer(raw)) throw new DomainError('invalid', 'invalid-request', 'Send the mail itself as it came, with the content type message/rfc822.');
    // Why real time: signatures are made by a relay whose clock nobody moves.
    if (!isSigned({ secret, timestamp: timestamp ?? '', signature: signature ?? '', raw, nowSeconds: Math.floor(Date.now() / 1_000) })) throw new DomainError('forbidden', 'signature-wrong', 'This call does not bear a fresh signature of the relay over the mail. Check MAIL_INBOUND_SECRET and the clock of the relay.');
    await this.store.execute(raw);
  }
}
