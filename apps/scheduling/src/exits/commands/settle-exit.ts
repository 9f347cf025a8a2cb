import { Injectable } from '@nestjs/common';
import { type AppointmentId, formatInstant } from '@slotmesh/kernel';
import type { Tx } from '@slotmesh/persistence';
import type { Signatory } from '../../agreements/domain/agreement-version';
import { hashOfTerms } from '../../agreements/domain/terms-hash';
import { type ExitPlan, type WrittenItem, checklistOf } from '../domain/exit-plan';
import { ChecklistOpen, ExitPlanUnknown, ExitStepRefused, NotTheHost, NotTheLeaver } from '../exit.errors';
import { ExitPlanRepository } from '../persistence/exit-plan.repository';

/** The work on the checklist, until it closes with a certificate. */
@Injectable()
export class SettleExit {
  constructor(private readonly plans: ExitPlanRepository) {}

  /** The host promises to see the patients of visits behind the exit; all of its visits where none are named. Returns how many are promised. Throws ExitPlanUnknown, ExitStepRefused, NotTheHost. */
  async honour(tx: Tx, by: Signatory, id: string, visits: readonly AppointmentId[] | null): Promise<number> {
    await this.underWay(tx, by, id);
    const honoured = await this.plans.honour(tx, id, by.practice, visits, by.subject, tx.now);
    const others = (visits ?? []).filter((visit) => !honoured.includes(visit));
    if (others.length > 0) throw new NotTheHost(others);
    tx.audit.record({ action: 'exit.visits-honoured', entity: 'exit-plan', entityId: id, details: { visits: honoured.length } });
    return honoured.length;
  }

  /** The checklist is the leaving practice's: nobody else writes what shows that it is done. Throws ExitPlanUnknown, NotTheLeaver, ExitStepRefused. */
  async evidence(tx: Tx, by: Signatory, id: string, given: { readonly item: WrittenItem; readonly evidence: string; readonly document: string | null }): Promise<void> {
    const plan = await this.underWay(tx, by, id);
    if (plan.practice !== by.practice) throw new NotTheLeaver();
    await this.plans.addEvidence(tx, plan, given.item, { evidence: given.evidence, document: given.document, by: by.subject, at: tx.now });
    tx.audit.record({ action: 'exit.evidence-given', entity: 'exit-plan', entityId: id, details: { item: given.item } });
  }

  /** Throws ExitPlanUnknown, NotTheLeaver, ExitStepRefused, ChecklistOpen. */
  async close(tx: Tx, by: Signatory, id: string): Promise<void> {
    const plan = await this.underWay(tx, by, id);
    if (plan.practice !== by.practice) throw new NotTheLeaver();
    const lines = checklistOf(plan, await this.plans.findings(tx, plan), await this.plans.evidence(tx, id));
    const open = lines.filter(({ done }) => !done);
    if (open.length > 0) throw new ChecklistOpen(open);
    const facts = { exitPlan: id, practice: plan.practice, partnership: plan.partnership, members: plan.practices, exitAt: plan.exitAt === null ? null : formatInstant(plan.exitAt), closedAt: formatInstant(tx.now), closedBy: by.subject, checklist: lines };
    const certificate = { ...facts, sha256: hashOfTerms(facts) };
    await this.plans.close(tx, id, by.subject, tx.now, certificate);
    tx.audit.record({ action: 'exit.closed', entity: 'exit-plan', entityId: id, details: { sha256: certificate.sha256 } });
  }

  private async underWay(tx: Tx, by: Signatory, id: string): Promise<ExitPlan> {
    const plan = await this.plans.find(tx, id, by.practice, true);
    if (!plan) throw new ExitPlanUnknown();
    if (plan.state !== 'leaving' && plan.state !== 'left') throw new ExitStepRefused(plan.state, 'nothing is worked on in it');
    return plan;
  }
}
