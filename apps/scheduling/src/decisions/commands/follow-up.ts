import { Injectable } from '@nestjs/common';
import { type DecisionId, type LocalDate, type PracticeId, newId } from '@slotmesh/kernel';
import type { Tx } from '@slotmesh/persistence';
import type { Signatory } from '../../agreements/domain/agreement-version';
import type { Decision } from '../domain/decision';
import { DecisionStepRefused, DecisionUnknown, OwnerIsNoMember, TaskDone, TaskOfAnother, TaskUnknown } from '../domain/decision.errors';
import { DecisionRepository } from '../persistence/decision.repository';

/** What has to be done because a motion was carried: any member writes a task down, its owner alone says that it is done. */
@Injectable()
export class FollowUp {
  constructor(private readonly decisions: DecisionRepository) {}

  /** Throws DecisionUnknown, DecisionStepRefused (it was not carried), OwnerIsNoMember. */
  async addTask(tx: Tx, by: Signatory, id: DecisionId, task: { readonly what: string; readonly owner: PracticeId; readonly dueOn: LocalDate }): Promise<void> {
    const decision = await this.locked(tx, by, id);
    if (decision.state !== 'carried') throw new DecisionStepRefused(decision.state, 'Tasks follow from a motion that was carried.');
    if (!decision.members.some(({ practice }) => practice === task.owner)) throw new OwnerIsNoMember(task.owner);
    const taskId = newId();
    await this.decisions.addTask(tx, decision, { ...task, id: taskId, by: by.subject, at: tx.now });
    tx.audit.record({ action: 'decision.task-added', entity: 'decision', entityId: id, details: { task: taskId, owner: task.owner } });
  }

  /** Throws DecisionUnknown, TaskUnknown, TaskOfAnother, TaskDone. */
  async finish(tx: Tx, by: Signatory, id: DecisionId, taskId: string, evidence: string): Promise<void> {
    await this.locked(tx, by, id);
    const task = (await this.decisions.tasks(tx, id)).find((one) => one.id === taskId);
    if (!task) throw new TaskUnknown();
    if (task.owner !== by.practice) throw new TaskOfAnother(task.owner);
    if (task.done) throw new TaskDone();
    await this.decisions.finishTask(tx, taskId, evidence, by.subject, tx.now);
    tx.audit.record({ action: 'decision.task-done', entity: 'decision', entityId: id, details: { task: taskId } });
  }

  private async locked(tx: Tx, by: Signatory, id: DecisionId): Promise<Decision> {
    const decision = await this.decisions.find(tx, id, by.practice, true);
    if (!decision) throw new DecisionUnknown();
    return decision;
  }
}
