import { Injectable } from '@nestjs/common';
import { Clock, toDate } from '@slotmesh/kernel';
import { Activity } from '../../activity';
import { SandboxWork } from '../../sandbox-work';
import type { Form } from '../domain/create-request';
import { isFinal, type Message } from '../domain/message';
import { TwilioError, notFound } from '../domain/twilio-errors';
import { MessageRepository } from '../persistence/message.repository';

/** POST Messages/{sid}.json: Status=canceled ends a scheduled text, an empty Body redacts one that has arrived or failed. */
@Injectable()
export class ChangeMessage {
  constructor(
    private readonly work: SandboxWork,
    private readonly messages: MessageRepository,
    private readonly clock: Clock,
    private readonly activity: Activity,
  ) {}

  async execute(sid: string, form: Form, path: string): Promise<Message> {
    const change = changeIn(form);
    const changed = await this.work.run(async (tx) => {
      const message = await this.messages.lock(tx, sid);
      if (!message) throw notFound(path);
      const status = change.cancel ? 'canceled' : message.status;
      if (change.cancel && message.status !== 'scheduled') throw new TwilioError(30409, 'This message cannot be canceled');
      if (change.redact && !isFinal(status)) throw new TwilioError(20009, 'Cannot redact message because delivery has not completed.', 409);
      const next = { ...message, status, body: change.redact ? '' : message.body, updatedAt: toDate(this.clock.now()) };
      await this.messages.update(tx, sid, next);
      return next;
    });
    this.activity.note();
    return changed;
  }

  async remove(sid: string, path: string): Promise<void> {
    await this.work.run(async (tx) => {
      const message = await this.messages.lock(tx, sid);
      if (!message) throw notFound(path);
      if (!isFinal(message.status)) throw new TwilioError(20009, 'Cannot delete message because delivery has not completed.', 409);
      await this.messages.remove(tx, sid);
    });
    this.activity.note();
  }
}

function changeIn(form: Form): { cancel: boolean; redact: boolean } {
  const [status, body] = [form['Status'], form['Body']];
  if (status !== undefined && status !== 'canceled') throw new TwilioError(20001, 'Invalid parameter Status: only canceled is possible');
  if (body !== undefined && body !== '') throw new TwilioError(20001, 'Invalid parameter Body: only an empty one is possible');
  return { cancel: status === 'canceled', redact: body === '' };
}
