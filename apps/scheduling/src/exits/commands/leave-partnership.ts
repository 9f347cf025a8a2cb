import { PracticeDefined } from '@slotmesh/contracts';
import { Injectable } from '@nestjs/common';
import { Clock, type PracticeId } from '@slotmesh/kernel';
import { type Tx, UnitOfWork, eventOf, workerFor } from '@slotmesh/persistence';
import { agreementChanged } from '../../agreements/agreement-events';
import { AgreementVersionRepository } from '../../agreements/persistence/agreement-version.repository';
import { getPractice } from '../../practices/practice';
import { oneByOne } from '../../shared/one-by-one';
import type { ExitPlan } from '../domain/exit-plan';
import { ExitPlanRepository } from '../persistence/exit-plan.repository';

const AT_ONCE = 10;

/**
 * The exit itself, when its instant has come: the practice is no member any more, its patients are persons of its own again (P8 holds inside a partnership), and agreements between it and one partner end.
 * Sharing does not wait for it: the decision goes by the instant (P7).
 */
@Injectable()
export class LeavePartnership {
  constructor(private readonly work: UnitOfWork, private readonly clock: Clock, private readonly plans: ExitPlanRepository, private readonly versions: AgreementVersionRepository) {}

  async execute(): Promise<number> {
    const due = await this.work.run(workerFor('exits', null), (tx) => this.plans.due(tx, this.clock.now(), AT_ONCE));
    return oneByOne(due, ({ id, practice }) => this.work.run(workerFor('exits', practice), (tx) => this.leave(tx, id)).then(() => 1));
  }

  private async leave(tx: Tx, id: string): Promise<void> {
    const plan = await this.plans.find(tx, id, null, true);
    if (plan?.state !== 'leaving' || plan.exitAt === null || plan.exitAt > tx.now) return;
    await this.endPairs(tx, plan);
    await this.ownPersons(tx, plan.practice);
    await tx.execute(`DELETE FROM membership WHERE practice_id = $1 AND partnership_id = $2`, [plan.practice, plan.partnership]);
    await this.plans.left(tx, id, tx.now);
    const { version: _, ...facts } = await getPractice(tx, plan.practice);
    tx.outbox.add(eventOf(PracticeDefined, { key: plan.practice, host: plan.practice }, facts));
    tx.audit.record({ action: 'partnership.left', entity: 'partnership', entityId: plan.partnership, details: { practice: plan.practice, exitPlan: id } });
  }

  /** An agreement of two ends with one of them; one of more goes on among the others. */
  private async endPairs(tx: Tx, plan: ExitPlan): Promise<void> {
    const pairs = await tx.query<{ id: Parameters<AgreementVersionRepository['all']>[1] }>(
      `SELECT id FROM agreement a WHERE partnership_id = $2 AND EXISTS (SELECT FROM agreement_version v WHERE v.agreement_id = a.id AND v.status IN ('approved', 'in-force') AND $1 = ANY (v.practices) AND cardinality(v.practices) = 2) ORDER BY id FOR NO KEY UPDATE`, [plan.practice, plan.partnership]);
    for (const { id } of pairs) {
      for (const version of await this.versions.all(tx, id)) {
        if ((version.status !== 'in-force' && version.status !== 'approved') || !version.practices.includes(plan.practice) || version.practices.length !== 2) continue;
        await this.versions.endBy(tx, id, version.version, tx.now);
        await this.versions.end(tx, id, version.version, 'notice', 'a party left the partnership');
        tx.outbox.add(agreementChanged(version, 'terminated', tx.now));
        tx.audit.record({ action: 'agreement.terminated', entity: 'agreement', entityId: id, details: { version: version.version } });
      }
    }
  }

  /** Each person of the practice's patients gets a twin that belongs to the practice alone, with the time of the visits that it hosts. Partners keep theirs. */
  private async ownPersons(tx: Tx, practice: PracticeId): Promise<void> {
    await tx.query(`SELECT id FROM appointment WHERE host_id = $1 ORDER BY id FOR NO KEY UPDATE`, [practice]);
    await tx.query(`SELECT id FROM person WHERE id IN (SELECT person_id FROM patient WHERE practice_id = $1) ORDER BY id FOR NO KEY UPDATE`, [practice]);
    await tx.execute(
      `WITH twin AS MATERIALIZED (SELECT person_id AS was, gen_random_uuid() AS is FROM patient WHERE practice_id = $1 GROUP BY person_id),
         made AS (INSERT INTO person (id, lone_practice_id, representatives_changed) SELECT "is", $1, true FROM twin RETURNING id),
         patients AS (UPDATE patient p SET person_id = t."is" FROM twin t WHERE p.practice_id = $1 AND p.person_id = t.was RETURNING p.id),
         entries AS (UPDATE waitlist_entry e SET person_id = t."is" FROM twin t WHERE e.practice_id = $1 AND e.person_id = t.was RETURNING e.id),
         visits AS (UPDATE appointment a SET person_id = t."is" FROM twin t WHERE a.host_id = $1 AND a.person_id = t.was RETURNING a.id)
       UPDATE person_time x SET person_id = t."is" FROM twin t, appointment a WHERE a.id = x.appointment_id AND a.host_id = $1 AND x.person_id = t.was`, [practice]);
  }
}
