import { Injectable } from '@nestjs/common';
import { type PracticeId, newId } from '@slotmesh/kernel';
import { type Actor, UnitOfWork } from '@slotmesh/persistence';
import { RecallRuleStands, RecallRuleUnknown } from '../domain/recall.errors';
import { type RecallRule, RecallRuleRepository } from '../persistence/recall-rule.repository';

/** The practice says after which visits patients are recalled. Nothing is made for visits that took place before. Throws RecallRuleStands, RecallRuleUnknown. */
@Injectable()
export class KeepRecallRules {
  constructor(private readonly work: UnitOfWork, private readonly rules: RecallRuleRepository) {}

  make(actor: Actor, practice: PracticeId, given: Pick<RecallRule, 'kind' | 'afterServices' | 'afterMonths' | 'terms'>): Promise<RecallRule> {
    return this.work.run(actor, async (tx) => {
      const rule: RecallRule = { ...given, id: newId(), practice, madeAt: tx.now, madeBy: actor.subject, endedAt: null, endedBy: null };
      if (!(await this.rules.add(tx, rule))) throw new RecallRuleStands((await this.rules.standing(tx, practice, given.kind)) ?? '');
      tx.audit.record({ action: 'recall-rule.made', entity: 'recall-rule', entityId: rule.id, details: { kind: rule.kind, months: rule.afterMonths } });
      return rule;
    });
  }

  /** What it made stays. */
  end(actor: Actor, id: string): Promise<RecallRule> {
    return this.work.run(actor, async (tx) => {
      const rule = await this.rules.end(tx, id, actor.subject);
      if (!rule) throw new RecallRuleUnknown();
      tx.audit.record({ action: 'recall-rule.ended', entity: 'recall-rule', entityId: id });
      return rule;
    });
  }

  list(actor: Actor, after: string | null, limit: number): Promise<RecallRule[]> {
    return this.work.run(actor, (tx) => this.rules.list(tx, after, limit));
  }
}
