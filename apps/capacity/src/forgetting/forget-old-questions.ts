import { Injectable } from '@nestjs/common';
import { Clock, DAY, type LocalDate, formatInstant, localDateOf, parseZone, plusMs } from '@slotmesh/kernel';
import { UnitOfWork, workerFor } from '@slotmesh/persistence';

/** Trials and what-ifs are of their day. A plan may stand behind an agreement for a year. */
const DAYS = { whatIf: 180, plan: 365 };
const AT_ONCE = 200;
const UTC = parseZone('UTC');

/** Forgets what was asked long ago: trials and ended what-ifs after half a year, quota plans after a year unless a recommendation points to them. Once a day of domain time. */
@Injectable()
export class ForgetOldQuestions {
  private done: LocalDate | null = null;

  constructor(private readonly work: UnitOfWork, private readonly clock: Clock) {}

  /** Returns how many rows it forgot. */
  async execute(): Promise<number> {
    const today = localDateOf(this.clock.now(), UTC);
    if (this.done === today) return 0;
    const forgotten = await this.work.run(workerFor('forget-old-questions', null), async (tx) => {
      const [halfYear, year] = [formatInstant(plusMs(tx.now, -DAYS.whatIf * DAY)), formatInstant(plusMs(tx.now, -DAYS.plan * DAY))];
      const gone = await Promise.all([
        tx.execute('DELETE FROM trial WHERE id IN (SELECT id FROM trial WHERE loaded_at < $1 ORDER BY loaded_at LIMIT $2)', [halfYear, AT_ONCE]),
        tx.execute('DELETE FROM what_if WHERE id IN (SELECT w.id FROM what_if w WHERE w.ended_at < $1 AND NOT EXISTS (SELECT FROM trial t WHERE t.what_if = w.id) ORDER BY w.ended_at LIMIT $2)', [halfYear, AT_ONCE]),
        tx.execute(`DELETE FROM quota_plan WHERE id IN (SELECT q.id FROM quota_plan q WHERE q.made_at < $1 AND NOT EXISTS (SELECT FROM recommendation r WHERE r.advice->>'plan' IS NOT NULL AND r.advice->>'plan' = q.id::text) ORDER BY q.made_at LIMIT $2)`, [year, AT_ONCE]),
      ]);
      return gone.reduce((sum, rows) => sum + rows, 0);
    });
    if (forgotten === 0) this.done = today;
    return forgotten;
  }
}
