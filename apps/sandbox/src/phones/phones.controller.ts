import { Controller, Get, Post } from '@nestjs/common';
import { ZodBody, ZodParam, ZodQuery } from '@slotmesh/platform';
import { PublicRoute } from '@slotmesh/security';
import { z } from 'zod';
import { LOCAL_STAND_IN } from '../local-stand-in';
import { SandboxWork } from '../sandbox-work';
import { phoneNumber, senderId } from '../twilio/domain/phone-number';
import { AnswerByText } from './answer-by-text';
import { PhoneRepository, type PhoneSummary, type PhoneText } from './phone.repository';

const number = z.string().transform((text, context) => {
  const found = phoneNumber(text);
  if (found !== null) return found;
  context.addIssue({ code: 'custom', message: 'is not a phone number; write it as +16175550101' });
  return z.NEVER;
});
const sender = z.string().transform((text, context) => {
  const found = senderId(text);
  if (found !== null) return found;
  context.addIssue({ code: 'custom', message: 'is not a number that can receive texts' });
  return z.NEVER;
});
const search = z.object({ search: z.string().max(20).optional() });
const answer = z.strictObject({ to: sender.optional(), body: z.string().min(1).max(1600) });

/** Patients' phones. A phone exists as soon as someone looks at it; the list names those that ever had a text. */
@Controller('sandbox/api/phones')
@PublicRoute(LOCAL_STAND_IN)
export class PhonesController {
  constructor(
    private readonly work: SandboxWork,
    private readonly phones: PhoneRepository,
    private readonly answerByText: AnswerByText,
  ) {}

  /** Phones that ever had a text, the latest first; `search` takes digits of the number. */
  @Get()
  async list(@ZodQuery(search) query: z.output<typeof search>): Promise<{ items: PhoneSummary[]; nextCursor: null }> {
    const digits = query.search?.replace(/\D/g, '') ?? '';
    const items = await this.work.run((tx) => this.phones.list(tx, digits === '' ? null : digits, 500));
    return { items: items.sort((a, b) => b.lastAt.getTime() - a.lastAt.getTime()), nextCursor: null };
  }

  /** The thread of one phone, oldest first; times are domain time. */
  @Get(':number')
  async thread(@ZodParam('number', number) phone: string): Promise<{ number: string; messages: PhoneText[] }> {
    return { number: phone, messages: await this.work.run((tx) => this.phones.thread(tx, phone, 500)) };
  }

  /** The phone sends a text to `to`, or to the one number that texted it. 422 `nobody-to-answer`, or `several-to-answer` with the `senders`: say which. */
  @Post(':number/messages')
  async answer(@ZodParam('number', number) phone: string, @ZodBody(answer) text: z.output<typeof answer>): Promise<{ sid: string; from: string; to: string; body: string }> {
    const { sid, to, body } = await this.answerByText.execute(phone, text.to ?? null, text.body);
    return { sid, from: phone, to, body };
  }
}
