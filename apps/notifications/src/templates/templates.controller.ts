import { Controller, Get, HttpCode, Post } from '@nestjs/common';
import { ZodBody, ZodParam, ZodQuery } from '@slotmesh/platform';
import { CurrentStaff, Permits, type StaffCaller } from '@slotmesh/security';
import { z } from 'zod';
import { ApproveTemplate } from './commands/approve-template';
import { DraftTemplate } from './commands/draft-template';
import { RetireTemplate } from './commands/retire-template';
import { templateDraft } from './domain/template-draft';
import type { TemplateRow } from './persistence/template-rows';
import { ListTemplates, type ShownTemplate, templatesQuery } from './queries/list-templates';
import { type Preview, PreviewTemplate } from './queries/preview-template';
import { ShowTemplate } from './queries/show-template';

const id = z.uuid('must be a UUID');
const approval = z.strictObject({ reviewer: z.string().trim().min(3, 'must be the full name of the person who read it').max(120) });

@Controller('api/notifications/v1/templates')
export class TemplatesController {
  constructor(private readonly list: ListTemplates, private readonly show: ShowTemplate, private readonly previewed: PreviewTemplate, private readonly draft: DraftTemplate, private readonly approve: ApproveTemplate, private readonly retire: RetireTemplate) {}

  /** Wordings of texts and mails: the network's (first page, `id` null) and the practice's own versions, newest first. `inForce`: what patients get now. */
  @Get()
  @Permits('messages:read')
  find(@CurrentStaff() caller: StaffCaller, @ZodQuery(templatesQuery) query: z.output<typeof templatesQuery>): Promise<{ items: ShownTemplate[]; nextCursor: string | null }> {
    return this.list.execute(caller, query);
  }

  /** One version of the practice's own. 404 where it has no such template. */
  @Get(':id')
  @Permits('messages:read')
  one(@CurrentStaff() caller: StaffCaller, @ZodParam('id', id) template: string): Promise<ShownTemplate> {
    return this.show.execute(caller, template);
  }

  /** What is wrong with a wording and how it reads with sample values: everyday ones and the longest that are likely. Keeps nothing; also lists the variables that there are. */
  @Post('preview')
  @HttpCode(200)
  @Permits('messages:read')
  preview(@ZodBody(templateDraft) body: z.output<typeof templateDraft>): Preview {
    return this.previewed.execute(body);
  }

  /**
   * A new version of the practice's own wording, as a draft. 422 with every finding at once where it may not be sent: unknown variables, syntax, more than three segments
   * with long names, a reason for the visit, a link that is not the patient's page, no practice, phone or STOP. What is only worth a thought comes back as `warnings`.
   */
  @Post()
  @Permits('templates:write')
  add(@CurrentStaff() caller: StaffCaller, @ZodBody(templateDraft) body: z.output<typeof templateDraft>): Promise<TemplateRow> {
    return this.draft.execute(caller, body);
  }

  /** A person who has read a draft, and did not write it, approves it under her name: patients of that language get it from now on. 409 where it is no draft any more. */
  @Post(':id/approve')
  @HttpCode(200)
  @Permits('templates:write')
  approved(@CurrentStaff() caller: StaffCaller, @ZodParam('id', id) template: string, @ZodBody(approval) { reviewer }: z.output<typeof approval>): Promise<TemplateRow> {
    return this.approve.execute(caller, template, reviewer);
  }

  /** Takes a version out of use: the newest approved one that is left is in force, else the network's. */
  @Post(':id/retire')
  @HttpCode(200)
  @Permits('templates:write')
  retired(@CurrentStaff() caller: StaffCaller, @ZodParam('id', id) template: string): Promise<TemplateRow> {
    return this.retire.execute(caller, template);
  }
}
