import { Injectable } from '@nestjs/common';
import { UnitOfWork, workerFor } from '@slotmesh/persistence';

const AT_ONCE = 20_000;
const DIMENSIONS = 'day, host, booking, site, provider, service, visit_type';
const COUNTS = ['requests', 'lead_days', 'lead_same_day', 'lead_week', 'lead_fortnight', 'lead_month', 'lead_longer', 'under_way', 'fulfilled', 'no_show', 'late_cancelled', 'cancelled', 'bumped', 'minutes_under_way', 'minutes_fulfilled', 'minutes_no_show'];

/** Takes what single visits added to the counts together into one row for each day, provider and visit type, so that two years are read quickly. What is not taken together yet is counted all the same. */
@Injectable()
export class FoldCounts {
  constructor(private readonly work: UnitOfWork) {}

  /** One batch; one process at a time. Returns how many were taken together, 0 where none are left for now. */
  execute(): Promise<number> {
    return this.work.run(workerFor('fold-counts', null), async (tx) => {
      const [lock] = await tx.query<{ mine: boolean }>(`SELECT pg_try_advisory_xact_lock(hashtext('visit_count')) AS mine`);
      if (!lock?.mine) return 0;
      const [row] = await tx.query<{ n: number }>(
        `WITH taken AS (DELETE FROM visit_delta WHERE id IN (SELECT id FROM visit_delta ORDER BY id LIMIT $1) RETURNING *),
         folded AS (
           INSERT INTO visit_count AS d (${DIMENSIONS}, ${COUNTS.join(', ')}) SELECT ${DIMENSIONS}, ${COUNTS.map((name) => `sum(${name})`).join(', ')} FROM taken GROUP BY ${DIMENSIONS}
           ON CONFLICT (${DIMENSIONS}) DO UPDATE SET ${COUNTS.map((name) => `${name} = d.${name} + excluded.${name}`).join(', ')}),
         marked AS (INSERT INTO month_changed (practice, month) SELECT DISTINCT p, date_trunc('month', day)::date FROM taken CROSS JOIN LATERAL unnest(ARRAY[host, booking]) AS p)
         SELECT count(*)::int AS n FROM taken`, [AT_ONCE]);
      // Why: a few at a time would take more work than they save.
      return row?.n === AT_ONCE ? AT_ONCE : 0;
    });
  }
}
