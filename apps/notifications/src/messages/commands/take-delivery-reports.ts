import { Injectable } from '@nestjs/common';
import { UnitOfWork, workerFor } from '@slotmesh/persistence';
import { z } from 'zod';
import { SettleAttempt } from './settle-attempt';

const row = z.object({ id: z.string(), attempt: z.uuid().nullable(), provider_id: z.string(), status: z.string(), error_code: z.int().nullable() });
const BATCH = 50;

/** Works off stored delivery reports, each once, in the order in which they came; their order says nothing about the text's. */
@Injectable()
export class TakeDeliveryReports {
  constructor(private readonly work: UnitOfWork, private readonly settle: SettleAttempt) {}

  async execute(): Promise<number> {
    const ids = await this.work.run(workerFor('reports', null), (tx) => tx.query<{ id: string }>('SELECT id FROM delivery_report WHERE NOT handled ORDER BY id LIMIT $1', [BATCH]));
    for (const { id } of ids) await this.one(id);
    return ids.length;
  }

  async due(): Promise<{ dueNow: boolean; nextDue: null }> {
    const [row] = await this.work.run(workerFor('reports', null), (tx) => tx.query<{ due: boolean }>('SELECT EXISTS (SELECT FROM delivery_report WHERE NOT handled) AS due'));
    return { dueNow: row?.due ?? false, nextDue: null };
  }

  private one(id: string): Promise<void> {
    return this.work.run(workerFor('reports', null), async (tx) => {
      const [found] = await tx.query(
        `SELECT r.id::text, coalesce((SELECT a.id FROM attempt a WHERE a.id = r.attempt_id), (SELECT a.id FROM attempt a WHERE a.provider_id = r.provider_id LIMIT 1)) AS attempt, r.provider_id, r.status, r.error_code
         FROM delivery_report r WHERE r.id = $1 AND NOT r.handled FOR UPDATE OF r SKIP LOCKED`,
        [id],
      );
      if (!found) return;
      const report = row.parse(found);
      const held = report.attempt ? await this.settle.lock(tx, report.attempt) : null;
      if (held) await this.settle.accepted(tx, held, { providerId: report.provider_id, status: report.status, errorCode: report.error_code });
      await tx.execute('UPDATE delivery_report SET handled = true, attempt_id = $2 WHERE id = $1', [id, held?.attempt.id ?? null]);
    });
  }
}
