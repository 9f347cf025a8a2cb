import { Injectable } from '@nestjs/common';
import { UnitOfWork, workerFor } from '@slotmesh/persistence';

/** A month in which something changes all the time waits until that rests, or for so long at most; in real time. */
const REST = { restsMs: 5_000, mostMs: 300_000 };
/** One in a transaction: a heavy month holds up no other for long. */
const AT_ONCE = 1;

/** Takes the numbers of months in which something has changed anew, for looking across practices: the same cells as everywhere, added up. */
@Injectable()
export class RefreshMonths {
  constructor(private readonly work: UnitOfWork) {}

  /** One batch; one process at a time. Returns how many months were taken. */
  execute({ restsMs, mostMs }: { readonly restsMs: number; readonly mostMs: number } = REST): Promise<number> {
    return this.work.run(workerFor('refresh-months', null), async (tx) => {
      const [lock] = await tx.query<{ mine: boolean }>(`SELECT pg_try_advisory_xact_lock(hashtext('month_cell')) AS mine`);
      if (!lock?.mine) return 0;
      const months = await tx.query<{ practice: string; month: string }>(
        `WITH next AS (SELECT practice, month FROM month_changed GROUP BY practice, month HAVING max(at) <= clock_timestamp() - $2 * interval '1 ms' OR min(at) <= clock_timestamp() - $3 * interval '1 ms' ORDER BY month DESC, practice LIMIT $1), gone AS (DELETE FROM month_changed c USING next n WHERE c.practice = n.practice AND c.month = n.month) SELECT practice, month::text FROM next`, [AT_ONCE, restsMs, mostMs]);
      for (const { practice, month } of months) {
        await tx.execute('DELETE FROM month_cell WHERE practice = $1 AND month = $2::date', [practice, month]);
        await tx.execute(
          `INSERT INTO month_cell (practice, month, measure, service, numerator, denominator, people, rest)
           SELECT practice, $2::date, measure, service, sum(numerator), sum(denominator), sum(people), sum(rest) FROM measure_cell
           WHERE practice = $1 AND day >= $2::date AND day < $2::date + interval '1 month' AND (grain IS NULL OR grain = 'service') GROUP BY practice, measure, service`, [practice, month]);
      }
      return months.length;
    });
  }
}
