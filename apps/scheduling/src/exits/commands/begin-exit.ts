import { Injectable } from '@nestjs/common';
import { type Instant, type PartnershipId, type PracticeId, formatInstant, newId } from '@slotmesh/kernel';
import type { Tx } from '@slotmesh/persistence';
import { type Signatory, noticeEnd } from '../../agreements/domain/agreement-version';
import { ConfirmedByTheSame, ExitBegun, ExitPlanUnknown, ExitStepRefused, NoMember, NotTheLeaver } from '../exit.errors';
import type { ExitPlan } from '../domain/exit-plan';
import { ExitPlanRepository } from '../persistence/exit-plan.repository';

/** Where no agreement says otherwise. */
const USUAL_NOTICE_DAYS = 90;

/** Notice by one person, confirmation by a second one of the same practice; or the notice taken back before that. */
@Injectable()
export class BeginExit {
  constructor(private readonly plans: ExitPlanRepository) {}

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

  /** From now on nobody is offered time across, and nothing behind the exit is bookable. Throws ExitPlanUnknown, NotTheLeaver, ExitStepRefused, ConfirmedByTheSame. */
  async confirm(tx: Tx, by: Signatory, id: string, wished: Instant | null): Promise<void> {
    const plan = await this.own(tx, by, id);
    if (plan.state !== 'notice') throw new ExitStepRefused(plan.state, 'its notice has been confirmed or taken back');
    if (plan.givenBy === by.subject) throw new ConfirmedByTheSame();
    const exitAt = noticeEnd(tx.now, (await this.plans.noticeDays(tx, by.practice)) ?? USUAL_NOTICE_DAYS, wished);
    await this.plans.confirm(tx, id, by.subject, tx.now, exitAt);
    tx.audit.record({ action: 'exit.confirmed', entity: 'exit-plan', entityId: id, details: { exitAt: formatInstant(exitAt) } });
  }

  /** Throws ExitPlanUnknown, NotTheLeaver, ExitStepRefused (partners rely on a notice that was confirmed). */
  async withdraw(tx: Tx, by: Signatory, id: string): Promise<void> {
    const plan = await this.own(tx, by, id);
    if (plan.state !== 'notice') throw new ExitStepRefused(plan.state, 'partners rely on a confirmed notice; to stay, sign a new agreement with them after the exit');
    await this.plans.withdraw(tx, id);
    tx.audit.record({ action: 'exit.withdrawn', entity: 'exit-plan', entityId: id });
  }

  private async own(tx: Tx, by: Signatory, id: string): Promise<ExitPlan> {
    const plan = await this.plans.find(tx, id, by.practice, true);
    if (!plan) throw new ExitPlanUnknown();
    if (plan.practice !== by.practice) throw new NotTheLeaver();
    return plan;
  }
}
