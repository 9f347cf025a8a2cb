import { Injectable } from '@nestjs/common';
import { newId, toDate } from '@slotmesh/kernel';
import { UnitOfWork } from '@slotmesh/persistence';
import type { StaffCaller } from '@slotmesh/security';
import { FIRST_OWN_VERSION } from '../built-in';
import { type Draft, lint } from '../domain/lint';
import { TemplateNotFound, TemplateRefused } from '../domain/template.errors';
import { type TemplateRow, findOwn } from '../persistence/template-rows';

/** Keeps a new version of a wording as a draft; nobody is written to with it before another person approved it. Throws TemplateRefused with all that is wrong. */
@Injectable()
export class DraftTemplate {
  constructor(private readonly work: UnitOfWork) {}

  execute({ actor, practice }: StaffCaller, draft: Draft): Promise<TemplateRow> {
    const findings = lint(draft);
    if (findings.some(({ severity }) => severity === 'refuse')) throw new TemplateRefused(findings);
    return this.work.run(actor, async (tx) => {
      const id = newId();
      // Why a lock: two drafts written at one time get two versions, one after the other.
      await tx.query('SELECT pg_advisory_xact_lock(hashtextextended($1, 0))', [`template ${practice} ${draft.name} ${draft.language} ${draft.channel}`]);
      await tx.execute(
        `INSERT INTO template (id, practice, name, language, channel, version, source, subject, state, warnings, made_by, made_at)
         VALUES ($1, $2, $3, $4, $5, (SELECT coalesce(max(version) + 1, $11::int) FROM template WHERE practice = $2 AND name = $3 AND language = $4 AND channel = $5), $6, $7, 'draft', $8::jsonb, $9, $10)`,
        [id, practice, draft.name, draft.language, draft.channel, draft.source, draft.subject, JSON.stringify(findings.map(({ pointer, code, detail }) => ({ pointer, code, detail }))), actor.subject, toDate(tx.now), FIRST_OWN_VERSION],
      );
      tx.audit.record({ action: 'template.drafted', entity: 'template', entityId: id, details: { name: draft.name, language: draft.language, channel: draft.channel } });
      const kept = await findOwn(tx, id);
      if (!kept) throw new TemplateNotFound(id);
      return kept;
    });
  }
}
