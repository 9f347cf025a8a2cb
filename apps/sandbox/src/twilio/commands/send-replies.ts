import { Inject, Injectable } from '@nestjs/common';
import { toDate } from '@slotmesh/kernel';
import type { Tx } from '@slotmesh/persistence';
import { SANDBOX_CONFIG, type SandboxConfig } from '../../config';
import type { Message } from '../domain/message';
import { segment } from '../domain/segments';
import { newSid } from '../domain/sid';
import { nextStep } from '../domain/status-walk';
import type { Reply } from '../domain/twiml';
import { MessageRepository } from '../persistence/message.repository';

/** Sends what the answer to an inbound text asked for, back to the phone it came from. */
@Injectable()
export class SendReplies {
  constructor(
    private readonly messages: MessageRepository,
    @Inject(SANDBOX_CONFIG) private readonly config: SandboxConfig,
  ) {}

  async execute(tx: Tx, inboundSid: string, replies: readonly Reply[]): Promise<void> {
    const inbound = replies.length > 0 ? await this.messages.find(tx, inboundSid) : null;
    if (!inbound) return;
    for (const reply of replies) {
      const message = this.replyTo(inbound, reply, toDate(tx.now));
      await this.messages.add(tx, message, { kind: 'delivered' }, null, nextStep(message.status, { kind: 'delivered' }, this.config.SANDBOX_SEED, message.sid)?.afterMs ?? null);
    }
  }

  private replyTo(inbound: Message, reply: Reply, now: Date): Message {
    return {
      sid: newSid('SM'), accountSid: inbound.accountSid, direction: 'outbound-reply',
      from: reply.from ?? inbound.to, to: reply.to ?? inbound.from ?? inbound.to, messagingServiceSid: null,
      body: reply.body, numSegments: segment(reply.body).segments, numMedia: 0, status: 'queued', errorCode: null, price: null,
      createdAt: now, updatedAt: now, sentAt: null, statusCallback: null, validitySeconds: 36_000, sendAt: null,
    };
  }
}
