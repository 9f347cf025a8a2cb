import { Controller, HttpCode, Post } from '@nestjs/common';
import { appointmentId } from '@slotmesh/contracts';
import { ZodBody } from '@slotmesh/platform';
import { type Caller, CurrentCaller, Permits } from '@slotmesh/security';
import { z } from 'zod';
import { IssueMessageLinks, type MessageLink } from './commands/issue-message-links';

const question = z.object({ appointments: z.array(appointmentId).max(500) });

/** Asked by notifications before a batch of mails is written. */
@Controller('api/scheduling/v1/message-links')
export class MessageLinksController {
  constructor(private readonly issue: IssueMessageLinks) {}

  /** The patients' own links to up to 500 visits, for messages to them; unknown ids and confidential visits are left out. */
  @Post()
  @HttpCode(200)
  @Permits('service')
  async make(@CurrentCaller() caller: Caller, @ZodBody(question) body: z.output<typeof question>): Promise<{ items: MessageLink[] }> {
    return { items: await this.issue.execute(caller.actor, body.appointments) };
  }
}
