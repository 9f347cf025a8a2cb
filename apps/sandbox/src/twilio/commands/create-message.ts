import { Inject, Injectable } from '@nestjs/common';
import { Clock, toDate } from '@slotmesh/kernel';
import type { Tx } from '@slotmesh/persistence';
import { Activity } from '../../activity';
import { CarrierBell } from '../../carrier-bell';
import { SANDBOX_CONFIG, type SandboxConfig } from '../../config';
import type { Hit } from '../../faults/domain/fault';
import { SandboxWork } from '../../sandbox-work';
import { type Form, readCreateRequest } from '../domain/create-request';
import { magicRefusal } from '../domain/magic-numbers';
import type { Message } from '../domain/message';
import { segment } from '../domain/segments';
import { newSid } from '../domain/sid';
import { type Fate, nextStep } from '../domain/status-walk';
import { TwilioError } from '../domain/twilio-errors';
import { MessageRepository } from '../persistence/message.repository';

/** POST Messages.json: takes a text and sends it on its way. Throws TwilioError. */
@Injectable()
export class CreateMessage {
  constructor(
    private readonly work: SandboxWork,
    private readonly messages: MessageRepository,
    private readonly bell: CarrierBell,
    private readonly clock: Clock,
    private readonly activity: Activity,
    @Inject(SANDBOX_CONFIG) private readonly config: SandboxConfig,
  ) {}

  /** `carrier` is what an ordered fault makes of the message after it was taken. */
  async execute(form: Form, carrier: Hit | null): Promise<Message> {
    const now = toDate(this.clock.now());
    const request = readCreateRequest(form, now);
    const refusal = magicRefusal(request.from, request.to);
    if (refusal) throw refusal;
    const message: Message = {
      ...request,
      sid: newSid(request.numMedia > 0 ? 'MM' : 'SM'),
      accountSid: this.config.TWILIO_ACCOUNT_SID,
      direction: 'outbound-api',
      numSegments: request.messagingServiceSid ? 0 : segment(request.body).segments,
      status: request.sendAt ? 'scheduled' : request.messagingServiceSid ? 'accepted' : 'queued',
      errorCode: null, price: null, createdAt: now, updatedAt: now, sentAt: null,
    };
    const fate = fateBy(carrier);
    await this.work.run(async (tx) => {
      await this.refuseAfterStop(tx, message);
      await this.messages.add(tx, message, fate, carrier?.id ?? null, nextStep(message.status, fate, this.config.SANDBOX_SEED, message.sid)?.afterMs ?? null);
    });
    this.activity.note();
    this.bell.ring();
    return message;
  }

  private async refuseAfterStop(tx: Tx, message: Message): Promise<void> {
    if (this.config.TWILIO_OPT_OUT_FILTER === 'off') return;
    const stopped = await tx.query('SELECT 1 FROM opt_out WHERE phone = $1 AND sender = $2', [message.to, message.from ?? this.config.TWILIO_SERVICE_SENDER]);
    if (stopped.length > 0) throw new TwilioError(21610, 'Attempt to send to unsubscribed recipient');
  }
}

function fateBy(carrier: Hit | null): Fate {
  if (carrier?.kind === 'undelivered') return { kind: 'undelivered', errorCode: carrier.errorCode ?? 30003 };
  return { kind: carrier?.kind === 'queue-held' ? 'held' : 'delivered' };
}
