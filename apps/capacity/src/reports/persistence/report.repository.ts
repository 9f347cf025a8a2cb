import { Injectable } from '@nestjs/common';
import { type PracticeId, formatInstant } from '@slotmesh/kernel';
import type { Tx } from '@slotmesh/persistence';
import { z } from 'zod';
import type { Months } from '../../measures/months.schema';
import type { ReportPractice, SharedMonth } from '../domain/access-report';

const practice = z.object({ practice: z.string(), name: z.string(), since: z.string().nullable(), until: z.string().nullable() });
const sharedMonth = z.object({ host: z.string(), booking: z.string(), service: z.string(), own: z.boolean(), visits: z.number().nullable() });

@Injectable()
export class ReportRepository {
  /** The last month that partners are told of: over for three days, by the same clock. Before, a sum over months would lack their newest. */
  async lastMonthOver(tx: Tx): Promise<string> {
    const [row] = await tx.query<{ month: string }>(`SELECT to_char($1::timestamptz::date - interval '3 days' - interval '1 month', 'YYYY-MM') AS month`, [formatInstant(tx.now)]);
    return row!.month;
  }

  /** The practices of the partnership, the own one also where it has none, and from when until when they share. */
  async practices(tx: Tx, own: PracticeId): Promise<ReportPractice[]> {
    const rows = await tx.query(
      `SELECT p.id AS practice, p.name, to_char(s.since, 'YYYY-MM') AS since, to_char(s.until, 'YYYY-MM') AS until FROM practice p LEFT JOIN sharing_months($2) s ON s.practice = p.id
       WHERE p.id = $1 OR p.partnership = (SELECT partnership FROM practice WHERE id = $1) ORDER BY p.id`, [own, formatInstant(tx.now)]);
    return rows.map((row) => practice.parse(row));
  }

  /** Visits between two of them by month; those of others only where they may be shown. */
  async visits(tx: Tx, { from, to }: Months): Promise<SharedMonth[]> {
    const rows = await tx.query(`SELECT host, booking, service, own, visits FROM shared_visit_months($1::date, $2::date, $3::timestamptz::date)`, [`${from}-01`, `${to}-01`, formatInstant(tx.now)]);
    return rows.map((row) => sharedMonth.parse(row));
  }
}
