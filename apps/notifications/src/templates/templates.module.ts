import { Module } from '@nestjs/common';
import { ApproveTemplate } from './commands/approve-template';
import { DraftTemplate } from './commands/draft-template';
import { RetireTemplate } from './commands/retire-template';
import { ListTemplates } from './queries/list-templates';
import { PreviewTemplate } from './queries/preview-template';
import { ShowTemplate } from './queries/show-template';
import { TemplatesController } from './templates.controller';

@Module({ controllers: [TemplatesController], providers: [ListTemplates, ShowTemplate, PreviewTemplate, DraftTemplate, ApproveTemplate, RetireTemplate] })
export class TemplatesModule {}
