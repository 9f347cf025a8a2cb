import { Injectable } from '@nestjs/common';
import { toDate } from '@slotmesh/kernel';
import { UnitOfWork } from '@slotmesh/persistence';
import type { StaffCaller } from '@slotmesh/security';
import { lint } from '../domain/lint';
import { ReviewerIsAuthor, TemplateNotDraft, TemplateNotFound, TemplateRefused } from '../domain/template.errors';
import { type TemplateRow, findOwn } from '../persistence/template-rows';

/** A named person has read this wording and takes it for good: from now on it is what patients get. Throws TemplateNotFound, TemplateNotDraft, ReviewerIsAuthor. */
@Injectable()
export class ApproveTemplate {
  constructor(private readonly work: UnitOfWork) {}

  execute({ actor }: StaffCaller, id: string, reviewer: string): Promise<TemplateRow> {
    return this.work.run(actor, async (tx) => {
      const found = await findOwn(tx, id, 'lock');
      if (!found) throw new TemplateNotFound(id);
      if (found.state !== 'draft') throw new TemplateNotDraft(found.state);
      if (found.madeBy === actor.subject) throw new ReviewerIsAuthor();
      // Why again: the rules may have become stricter since it was written.
      const findings = lint(found);
      if (findings.some(({ severity }) => severity === 'refuse')) throw new TemplateRefused(findings);
      await tx.execute(`UPDATE template SET state = 'approved', reviewed_by = $2, reviewer = $3, reviewed_at = $4 WHERE id = $1`, [id, actor.subject, reviewer, toDate(tx.now)]);
      tx.audit.record({ action: 'template.approved', entity: 'template', entityId: id, details: { name: found.name, language: found.language, channel: found.channel, version: found.version } });
      return (await findOwn(tx, id)) ?? found;
    });
  }
}
