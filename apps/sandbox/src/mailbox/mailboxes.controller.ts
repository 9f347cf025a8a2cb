import { Controller, Get, Header } from '@nestjs/common';
import { DomainError } from '@slotmesh/kernel';
import { ZodParam, ZodQuery } from '@slotmesh/platform';
import { PublicRoute } from '@slotmesh/security';
import { z } from 'zod';
import { LOCAL_STAND_IN } from '../local-stand-in';
import { SandboxWork } from '../sandbox-work';
import { type Mail, type MailboxSummary, MailRepository } from './mail.repository';

class MailNotFound extends DomainError {
  constructor() {
    super('not-found', 'mail-not-found', 'There is no such mail.');
  }
}

const search = z.object({ search: z.string().max(254).optional() });
const address = z.string().max(254).transform((text) => text.toLowerCase());

/** Patients' mailboxes, as they would see them. */
@Controller('sandbox/api')
@PublicRoute(LOCAL_STAND_IN)
export class MailboxesController {
  constructor(
    private readonly work: SandboxWork,
    private readonly mails: MailRepository,
  ) {}

  /** Mailboxes that ever had a mail; `search` narrows them. */
  @Get('mailboxes')
  async list(@ZodQuery(search) query: z.output<typeof search>): Promise<{ items: MailboxSummary[]; nextCursor: null }> {
    const words = query.search?.trim().toLowerCase() ?? '';
    return { items: await this.work.run((tx) => this.mails.mailboxes(tx, words === '' ? null : words, 500)), nextCursor: null };
  }

  /** Newest first, one entry per Message-ID with the count of its copies. */
  @Get('mailboxes/:address')
  async mailbox(@ZodParam('address', address) owner: string): Promise<{ address: string; mails: Mail[] }> {
    return { address: owner, mails: await this.work.run((tx) => this.mails.mailbox(tx, owner, 200)) };
  }

  /** The mail as it came over the wire. */
  @Get('mails/:id/raw')
  @Header('content-type', 'text/plain; charset=utf-8')
  async raw(@ZodParam('id', z.uuid()) id: string): Promise<string> {
    const raw = await this.work.run((tx) => this.mails.raw(tx, id));
    if (!raw) throw new MailNotFound();
    return raw.toString('utf8');
  }
}
