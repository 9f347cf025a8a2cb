import { Inject, Injectable } from '@nestjs/common';
import { language } from '@slotmesh/contracts';
import { UnitOfWork } from '@slotmesh/persistence';
import type { StaffCaller } from '@slotmesh/security';
import { z } from 'zod';
import { NOTIFICATIONS_CONFIG, type NotificationsConfig } from '../../config';
import { builtIn } from '../built-in';
import { builtInReviewer, languageOfBuiltIn } from '../built-in-review';
import { templateChannel } from '../domain/template-draft';
import { type TemplateRow, listOwn, replacedByOwn } from '../persistence/template-rows';
import { templateNames } from '../template-names';

const name = z.enum(templateNames, `must be one of ${templateNames.join(', ')}`);
export const templatesQuery = z.object({
  name: name.optional(), language: language.optional(), channel: templateChannel.optional(),
  /** `nextCursor` of the page before. */
  cursor: z.uuid('must be the nextCursor of an earlier page').optional(), limit: z.coerce.number().int().min(1).max(100).default(50),
});
type OfNetwork = Pick<TemplateRow, 'name' | 'language' | 'channel' | 'version' | 'source' | 'subject' | 'inForce' | 'reviewer'> & { readonly id: null; readonly state: 'approved' | 'draft'; readonly owner: 'network' };
export type ShownTemplate = OfNetwork | (TemplateRow & { readonly owner: 'practice' });

/** The wordings of a practice, and on the first page those of the network; of each it is told whether patients get it now. */
@Injectable()
export class ListTemplates {
  constructor(private readonly work: UnitOfWork, @Inject(NOTIFICATIONS_CONFIG) private readonly config: NotificationsConfig) {}

  execute({ actor }: StaffCaller, { cursor, limit, ...only }: z.output<typeof templatesQuery>): Promise<{ items: ShownTemplate[]; nextCursor: string | null }> {
    return this.work.run(actor, async (tx) => {
      const rows = await listOwn(tx, { name: only.name ?? null, language: only.language ?? null, channel: only.channel ?? null, after: cursor ?? null, limit: limit + 1 });
      const own = rows.slice(0, limit).map((row): ShownTemplate => ({ ...row, owner: 'practice' }));
      const network = cursor === undefined ? this.ofNetwork(only, await replacedByOwn(tx)) : [];
      return { items: [...network, ...own], nextCursor: rows.length > limit ? (rows[limit - 1]?.id ?? null) : null };
    });
  }

  private ofNetwork(only: Pick<z.output<typeof templatesQuery>, 'name' | 'language' | 'channel'>, replaced: ReadonlySet<string>): OfNetwork[] {
    return templateNames.filter((each) => only.name === undefined || each === only.name).flatMap((each) =>
      language.options.filter((one) => only.language === undefined || one === only.language).flatMap((one) =>
        templateChannel.options.filter((way) => only.channel === undefined || way === only.channel).flatMap((way) => {
          const known = builtIn(each, one, way);
          if (known === null) return [];
          const shown = languageOfBuiltIn(one, this.config) === one;
          return [{ id: null, owner: 'network' as const, name: each, language: one, channel: way, ...known, state: shown ? 'approved' as const : 'draft' as const, inForce: shown && !replaced.has(`${each} ${one} ${way}`), reviewer: builtInReviewer(one, this.config) }];
        })));
  }
}
