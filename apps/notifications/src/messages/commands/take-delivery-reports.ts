import { Injectable } from '@nestjs/common';
import { UnitOfWork, workerFor } from '@slotmesh/persistence';
import { z } from 'zod';
import { furthest } from '../domain/delivery-status';
import { SettleAttempt } from './settle-attempt';

const row = z.object({ id: z.string(), attempt: z.uuid().nullable(), status: z.string(), error_code: z.int().nullable() });
const BATCH = 50;

/** Works off stored delivery reports, each once. Their order says nothing about the text's (P13), so all that wait of one text are taken together and the furthest counts. */
@Injectable()
export class TakeDeliveryReports {
  constructor(private readonly work: UnitOfWork, private readonly settle: SettleAttempt) {}

  async execute(): Promise<number> {
    const texts = await this.work.run(workerFor('reports', null), (tx) =>
      tx.query<{ sid: string }>('SELECT DISTINCT r.provider_id AS sid FROM (SELECT provider_id FROM delivery_report WHERE NOT handled ORDER BY id LIMIT $1) AS r', [BATCH]));
    let done = 0;
    for (const { sid } of texts) done += await this.of(sid);
    return done;
  }

  async due(): Promise<{ dueNow: boolean; nextDue: null }> {
    const [row] = await this.work.run(workerFor('reports', null), (tx) => tx.query<{ due: boolean }>('SELECT EXISTS (SELECT FROM delivery_report WHERE NOT handled) AS due'));
    return { dueNow: row?.due ?? false, nextDue: null };
  }

  private of(sid: string): Promise<number> {
    return this.work.run(workerFor('reports', null), async (tx) => {
      const reports = z.array(row).parse(await tx.query(
        `SELECT r.id::text, coalesce((SELECT a.id FROM attempt a WHERE a.id = r.attempt_id), (SELECT a.id FROM attempt a WHERE a.provider_id = r.provider_id LIMIT 1)) AS attempt, r.status, r.error_code
         FROM delivery_report r WHERE r.provider_id = $1 AND NOT r.handled ORDER BY r.id FOR UPDATE OF r SKIP LOCKED`,
        [sid],
      ));
      const [first] = reports;
      if (!first) return 0;
      const attempt = reports.map((report) => report.attempt).find((id) => id !== null) ?? null;
      const status = reports.reduce((furthestYet, report) => furthest(furthestYet, report.status), first.status);
      const said = reports.find((report) => report.status === status);
      const held = attempt ? await this.settle.lock(tx, attempt) : null;
      if (held) await this.settle.accepted(tx, held, { providerId: sid, status, errorCode: said?.error_code ?? null });
      await tx.execute('UPDATE delivery_report SET handled = true, attempt_id = $2 WHERE id = ANY ($1::bigint[])', [reports.map(({ id }) => id), held?.attempt.id ?? null]);
      return reports.length;
    });
  }
}
