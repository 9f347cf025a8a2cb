import { Injectable } from '@nestjs/common';
import { type DecisionId, type Instant, type PracticeId, formatInstant, localDateOf } from '@slotmesh/kernel';
import type { Sql } from '@slotmesh/persistence';
import type { Decision, DecisionTask } from '../domain/decision';
import { DecisionUnknown } from '../domain/decision.errors';
import { DecisionRepository } from '../persistence/decision.repository';

const text = (at: Instant | null): string | null => (at === null ? null : formatInstant(at));

export const summaryOf = (decision: Decision) => ({ ...decision, movedAt: formatInstant(decision.movedAt), opensAt: formatInstant(decision.opensAt), dueAt: formatInstant(decision.dueAt), decidedAt: text(decision.decidedAt) });
export const taskView = (task: DecisionTask, now: Instant) => ({ ...task, done: task.done && { ...task.done, at: formatInstant(task.done.at) }, overdue: task.done === null && task.dueOn < localDateOf(now, task.zone) });

/** A motion as its members read it: the ballot is open, so that everybody can count again. */
@Injectable()
export class ReadDecisions {
  constructor(private readonly decisions: DecisionRepository) {}

  /** Throws DecisionUnknown. */
  async one(sql: Sql, reader: PracticeId | null, id: DecisionId, now: Instant) {
    const decision = await this.decisions.find(sql, id, reader);
    if (!decision) throw new DecisionUnknown();
    const [votes, conflicts, tasks] = [await this.decisions.votes(sql, id), await this.decisions.conflicts(sql, id), await this.decisions.tasks(sql, id)];
    return { ...summaryOf(decision), votes: votes.map(dated), conflicts: conflicts.map(dated), tasks: tasks.map((task) => taskView(task, now)) };
  }
}

const dated = <T extends { readonly at: Instant }>({ at, ...row }: T) => ({ ...row, at: formatInstant(at) });
