import { Injectable } from '@nestjs/common';
import { formatInstant, plusMs, DAY } from '@slotmesh/kernel';
import type { Tx } from '@slotmesh/persistence';
import { z } from 'zod';

const counts = z.object({ kept: z.number(), missed: z.number() });
const DAYS = 365;

@Injectable()
export class KeptVisitsRepository {
  /** Visits of a host over the last 365 days whose outcome was marked, of one service or of all. */
  async of(tx: Tx, host: string, service: string | null): Promise<z.output<typeof counts>> {
    const rows = await tx.query(
      `SELECT (count(*) FILTER (WHERE status = 'fulfilled'))::int AS kept, (count(*) FILTER (WHERE status = 'noshow'))::int AS missed FROM visit
       WHERE host = $1 AND status IN ('fulfilled', 'noshow') AND start_at >= $2 AND start_at < $3 AND ($4::text IS NULL OR service = $4)`,
      [host, formatInstant(plusMs(tx.now, -DAYS * DAY)), formatInstant(tx.now), service],
    );
    return counts.parse(rows[0]);
  }
}
