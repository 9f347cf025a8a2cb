import { Inject, Injectable, Logger, type OnApplicationShutdown } from '@nestjs/common';
import { type Instant, toDate } from '@slotmesh/kernel';
import nodemailer from 'nodemailer';
import { z } from 'zod';
import { NOTIFICATIONS_CONFIG, type NotificationsConfig } from '../config';
import type { Invitation } from '../templates/invitation';
import type { Mail } from '../templates/mails';
import { dkimOf, envelopeSender } from './mail-settings';
import type { SendingResult } from './sending-result';

export interface OutgoingMail extends Mail {
  readonly from: { readonly name: string; readonly address: string };
  readonly to: string;
  /** Kept over every retry, so that mailboxes drop a second copy. */
  readonly messageId: string;
  readonly date: Instant;
  readonly invitation: Invitation | null;
  readonly attempt: string;
  /** Where answers go when the sender is not the practice itself. */
  readonly replyTo: string | null;
  /** Takes this address off the list with one click; null where a mail cannot be declined. */
  readonly unsubscribe: string | null;
  /** Class and template: by them mailboxes tell complaints apart, and by nothing that names a person or a practice. */
  readonly feedback: string;
}

const smtpError = z.object({ code: z.string().optional(), errno: z.union([z.string(), z.number()]).optional(), responseCode: z.int().optional(), command: z.string().optional(), message: z.string().default(''), syscall: z.string().optional() }).loose();

/** Mails by SMTP, over a few connections that are kept open. */
@Injectable()
export class Mails implements OnApplicationShutdown {
  private readonly transport;

  constructor(@Inject(NOTIFICATIONS_CONFIG) private readonly config: NotificationsConfig) {
    const timeout = config.PROVIDER_TIMEOUT_MS;
    const dkim = dkimOf(config);
    if (dkim === null && config.MODE === 'production') new Logger('mails').warn('mails leave unsigned: set DKIM_DOMAIN, DKIM_SELECTOR and DKIM_PRIVATE_KEY, or see to it that your mail server signs them with List-Unsubscribe and List-Unsubscribe-Post');
    this.transport = nodemailer.createTransport({ url: config.SMTP_URL, pool: true, maxConnections: 4, maxMessages: 200, connectionTimeout: timeout, greetingTimeout: timeout, socketTimeout: timeout, ...(dkim === null ? {} : { dkim: { ...dkim } }) });
  }

  async send(mail: OutgoingMail): Promise<SendingResult> {
    try {
      await this.transport.sendMail({
        from: { ...mail.from }, to: mail.to, subject: mail.subject, text: mail.text, html: mail.html, date: toDate(mail.date), messageId: mail.messageId,
        envelope: { from: envelopeSender(mail.attempt, this.config), to: mail.to },
        ...(mail.replyTo === null ? {} : { replyTo: mail.replyTo }),
        headers: {
          // RFC 3834: keeps out-of-office answers away.
          'Auto-Submitted': 'auto-generated',
          'Feedback-ID': `${mail.feedback}:slotmesh`,
          // Why prepared: the composer's own folding puts the address on a line of its own, which some mailboxes do not read.
          ...(mail.unsubscribe === null ? {} : { 'List-Unsubscribe': { prepared: true, value: `<${mail.unsubscribe}>` }, 'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click' }),
        },
        ...(mail.invitation ? { icalEvent: { method: mail.invitation.method, filename: 'invite.ics', content: mail.invitation.content } } : {}),
      });
      return { kind: 'accepted', providerId: mail.messageId, status: 'sent' };
    } catch (error) {
      return resultOf(smtpError.parse(error instanceof Error ? { ...error, message: error.message } : {}));
    }
  }

  onApplicationShutdown(): void {
    this.transport.close();
  }
}

/** A reply of the server is clear at every step; a connection that was lost on the way is not, because the last answer may be what was lost. */
function resultOf({ code = '', responseCode, command, message, syscall }: z.output<typeof smtpError>): SendingResult {
  if (code === 'EAUTH' || code === 'ENOAUTH' || code === 'ECONFIG') return { kind: 'refused', class: 'config', code: responseCode ?? null };
  if (responseCode !== undefined) {
    if (responseCode < 500) return { kind: 'retry', why: 'rate' };
    return { kind: 'refused', class: command === 'RCPT TO' ? 'number-permanent' : 'content', code: responseCode };
  }
  const neverConnected = syscall === 'connect' || code === 'EDNS' || code === 'ETLS' || code === 'EPROXY' || /^(?:Connection timeout|Greeting never received)/.test(message);
  return neverConnected ? { kind: 'retry', why: 'unreachable' } : { kind: 'unclear' };
}
