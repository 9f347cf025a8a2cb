import { Injectable } from '@nestjs/common';
import { type PracticeId, newId } from '@slotmesh/kernel';
import { type Actor, UnitOfWork, workerFor } from '@slotmesh/persistence';
import type { StaffCaller } from '@slotmesh/security';
import type { EducationContent } from '../domain/education';
import { ClinicianApproves, EducationRetired, EducationUnknown, NoPartners } from '../domain/education.errors';
import { EducationRepository } from '../persistence/education.repository';

export type EducationDraft = Pick<EducationContent, 'service' | 'visitType' | 'texts' | 'sourceUrl' | 'daysBefore'> & { readonly shared: boolean; readonly previous: string | null };

/** People make, approve and retire what patients read before visits; each is audited with its name. Throws EducationUnknown, EducationRetired, ClinicianApproves, NoPartners. */
@Injectable()
export class KeepEducation {
  constructor(private readonly work: UnitOfWork, private readonly contents: EducationRepository) {}

  async make({ actor, practice }: StaffCaller, { shared, previous, ...draft }: EducationDraft): Promise<EducationContent> {
    const practices = shared ? await this.partners(practice) : [practice];
    return this.work.run(actor, async (tx) => {
      const before = previous === null ? null : await this.contents.find(tx, previous);
      if (previous !== null && before?.practice !== practice) throw new EducationUnknown();
      const content: EducationContent = { ...draft, id: newId(), practice, practices, version: (before?.version ?? 0) + 1, previous, madeAt: tx.now, madeBy: actor.subject, retiredAt: null, approvals: [] };
      await this.contents.add(tx, content);
      tx.audit.record({ action: 'education.made', entity: 'education', entityId: content.id, details: { version: content.version, shared } });
      return content;
    });
  }

  approve({ actor, practice, roles }: StaffCaller, id: string): Promise<EducationContent> {
    return this.work.run(actor, async (tx) => {
      const content = await this.contents.find(tx, id);
      if (!content) throw new EducationUnknown();
      if (content.retiredAt !== null) throw new EducationRetired();
      if (content.practices.length === 1 && !roles.includes('clinician')) throw new ClinicianApproves();
      if (await this.contents.approve(tx, content, practice, actor.subject)) tx.audit.record({ action: 'education.approved', entity: 'education', entityId: id });
      return (await this.contents.find(tx, id)) ?? content;
    });
  }

  /** By who made it; its page is gone at once, also for those who have the link. */
  retire({ actor, practice }: StaffCaller, id: string): Promise<EducationContent> {
    return this.work.run(actor, async (tx) => {
      const content = await this.contents.find(tx, id);
      if (content?.practice !== practice) throw new EducationUnknown();
      if (await this.contents.retire(tx, id, actor.subject)) tx.audit.record({ action: 'education.retired', entity: 'education', entityId: id });
      return { ...content, retiredAt: content.retiredAt ?? tx.now };
    });
  }

  list(actor: Actor, after: string | null, limit: number): Promise<EducationContent[]> {
    return this.work.run(actor, (tx) => this.contents.list(tx, after, limit));
  }

  /** Why a worker: a practice reads no row of another. */
  private async partners(practice: PracticeId): Promise<PracticeId[]> {
    const partners = await this.work.run(workerFor('education', practice), (tx) => this.contents.partnersOf(tx, practice));
    if (partners.length < 2) throw new NoPartners();
    return partners;
  }
}
