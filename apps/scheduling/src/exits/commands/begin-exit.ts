import { Injectable } from '@nestjs/common';
import { type AgreementId, type Instant, type PartnershipId, type PracticeId, formatInstant, newId } from '@slotmesh/kernel';
import type { Tx } from '@slotmesh/persistence';
import { AgreementTermsOf } from '../../agreements/agreement-terms-of';
import { type Signatory, noticeEnd } from '../../agreements/domain/agreement-version';
import { AgreementVersionRepository } from '../../agreements/persistence/agreement-version.repository';
import { ConfirmedByTheSame, ExitBegun, ExitPlanUnknown, ExitStepRefused, NoMember, NotTheLeaver } from '../exit.errors';
import type { ExitPlan } from '../domain/exit-plan';
import { ExitPlanRepository } from '../persistence/exit-plan.repository';

/** Where no agreement says otherwise. */
const USUAL_NOTICE_DAYS = 90;

/** Notice by one person, confirmation by a second one of the same practice; or the notice taken back before that. */
@Injectable()
export class BeginExit {
  constructor(private readonly plans: ExitPlanRepository, private readonly versions: AgreementVersionRepository, private readonly known: AgreementTermsOf) {}

  /** Throws NoMember, ExitBegun. */
  async give(tx: Tx, by: Signatory, reason: string): Promise<string> {
    const [member] = await tx.query<{ partnership: PartnershipId; members: PracticeId[] }>(
      `SELECT m.partnership_id AS partnership, ARRAY (SELECT o.practice_id FROM membership o WHERE o.partnership_id = m.partnership_id ORDER BY 1) AS members FROM membership m WHERE m.practice_id = $1 FOR NO KEY UPDATE`, [by.practice]);
    if (!member) throw new NoMember();
    const begun = await this.plans.open(tx, by.practice);
    if (begun !== null) throw new ExitBegun(begun);
    const id = newId();
    await this.plans.add(tx, { id, partnership: member.partnership, practice: by.practice, practices: member.members, reason, givenBy: by.subject, givenAt: tx.now });
    tx.audit.record({ action: 'exit.notice-given', entity: 'exit-plan', entityId: id });
    return id;
  }

  /** From now on nobody is offered time across, and nothing behind the exit is bookable; what was proposed or approved with the practice for later than its exit is called off. Throws ExitPlanUnknown, NotTheLeaver, ExitStepRefused, ConfirmedByTheSame. */
  async confirm(tx: Tx, by: Signatory, id: string, wished: Instant | null): Promise<void> {
    const plan = await this.own(tx, by, id);
    if (plan.state !== 'notice') throw new ExitStepRefused(plan.state, 'its notice has been confirmed or taken back');
    if (plan.givenBy === by.subject) throw new ConfirmedByTheSame();
    const exitAt = noticeEnd(tx.now, (await this.plans.noticeDays(tx, by.practice)) ?? USUAL_NOTICE_DAYS, wished);
    await this.plans.confirm(tx, id, by.subject, tx.now, exitAt);
    await this.callOffLater(tx, by.practice, exitAt);
    tx.audit.record({ action: 'exit.confirmed', entity: 'exit-plan', entityId: id, details: { exitAt: formatInstant(exitAt) } });
  }

  /** Throws ExitPlanUnknown, NotTheLeaver, ExitStepRefused (partners rely on a notice that was confirmed). */
  async withdraw(tx: Tx, by: Signatory, id: string): Promise<void> {
    const plan = await this.own(tx, by, id);
    if (plan.state !== 'notice') throw new ExitStepRefused(plan.state, 'partners rely on a confirmed notice; to stay, sign a new agreement with them after the exit');
    await this.plans.withdraw(tx, id);
    tx.audit.record({ action: 'exit.withdrawn', entity: 'exit-plan', entityId: id });
  }

  /** Else it would be a member again by what it signed before it gave notice. */
  private async callOffLater(tx: Tx, practice: PracticeId, exitAt: Instant): Promise<void> {
    const agreements = await tx.query<{ id: AgreementId }>(`SELECT id FROM agreement WHERE $1 = ANY (practices) ORDER BY id FOR NO KEY UPDATE`, [practice]);
    for (const { id } of agreements) {
      const all = await this.versions.all(tx, id);
      const later = all.filter(({ status, practices, effectiveFrom }) => (status === 'proposed' || status === 'approved') && practices.includes(practice) && effectiveFrom >= exitAt);
      for (const version of later) await this.known.callOff(tx, all, version, 'lapsed', `${practice} leaves the partnership before`);
    }
  }

  private async own(tx: Tx, by: Signatory, id: string): Promise<ExitPlan> {
    const plan = await this.plans.find(tx, id, by.practice, true);
    if (!plan) throw new ExitPlanUnknown();
    if (plan.practice !== by.practice) throw new NotTheLeaver();
    return plan;
  }
}
