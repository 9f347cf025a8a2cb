import { Inject, Injectable } from '@nestjs/common';
import { Clock, DomainError, toDate } from '@slotmesh/kernel';
import type { Tx } from '@slotmesh/persistence';
import { Activity } from '../activity';
import { SANDBOX_CONFIG, type SandboxConfig } from '../config';
import { SandboxWork } from '../sandbox-work';
import { inboundFields } from '../twilio/domain/callback-fields';
import type { Message } from '../twilio/domain/message';
import { optOutAct } from '../twilio/domain/opt-out-words';
import { segment } from '../twilio/domain/segments';
import { newSid } from '../twilio/domain/sid';
import { MessageRepository } from '../twilio/persistence/message.repository';
import { WebhookRepository } from '../twilio/persistence/webhook.repository';
import { WebhookCourier } from '../twilio/webhook-courier';
import { PhoneRepository } from './phone.repository';

class NobodyToAnswer extends DomainError {
  constructor() {
    super('unprocessable', 'nobody-to-answer', 'No text has reached this phone yet, so say with "to" which number it texts.');
  }
}

/** Why asked: a YES that goes to the one who wrote last may answer the wrong question. */
class SeveralToAnswer extends DomainError {
  constructor(senders: readonly string[]) {
    super('unprocessable', 'several-to-answer', `More than one number has texted this phone: ${senders.join(', ')}. Say with "to" which of them this text is for.`, { senders });
  }
}

/** A patient's phone sends a text: it is stored with its webhook in one transaction and posted with the signature. */
@Injectable()
export class AnswerByText {
  constructor(
    private readonly work: SandboxWork,
    private readonly phones: PhoneRepository,
    private readonly messages: MessageRepository,
    private readonly webhooks: WebhookRepository,
    private readonly courier: WebhookCourier,
    private readonly clock: Clock,
    private readonly activity: Activity,
    @Inject(SANDBOX_CONFIG) private readonly config: SandboxConfig,
  ) {}

  async execute(phone: string, to: string | null, body: string): Promise<Message> {
    const message = await this.work.run(async (tx) => {
      const inbound = this.inbound(phone, to ?? (await this.onlySender(tx, phone)), body);
      await this.messages.add(tx, inbound, { kind: 'delivered' }, null, null);
      await this.webhooks.add(tx, [{ messageSid: inbound.sid, kind: 'inbound', url: this.config.TWILIO_INBOUND_URL, fields: inboundFields(inbound), delayMs: 0 }]);
      await this.rememberOptOut(tx, inbound);
      return inbound;
    });
    this.activity.note();
    this.courier.wake();
    return message;
  }

  private async onlySender(tx: Tx, phone: string): Promise<string> {
    const [sender, ...others] = await this.phones.senders(tx, phone);
    if (sender === undefined) throw new NobodyToAnswer();
    if (others.length > 0) throw new SeveralToAnswer([sender, ...others]);
    return sender;
  }

  private inbound(phone: string, to: string, body: string): Message {
    const now = toDate(this.clock.now());
    return {
      sid: newSid('SM'), accountSid: this.config.TWILIO_ACCOUNT_SID, direction: 'inbound', from: phone, to, messagingServiceSid: null,
      body, numSegments: segment(body).segments, numMedia: 0, status: 'received', errorCode: null, price: null,
      createdAt: now, updatedAt: now, sentAt: now, statusCallback: null, validitySeconds: 36_000, sendAt: null,
    };
  }

  private async rememberOptOut(tx: Tx, inbound: Message): Promise<void> {
    const act = this.config.TWILIO_OPT_OUT_FILTER === 'on' ? optOutAct(inbound.body) : null;
    if (act === 'stop') await tx.execute('INSERT INTO opt_out (phone, sender) VALUES ($1, $2) ON CONFLICT DO NOTHING', [inbound.from, inbound.to]);
    if (act === 'start') await tx.execute('DELETE FROM opt_out WHERE phone = $1 AND sender = $2', [inbound.from, inbound.to]);
  }
}
