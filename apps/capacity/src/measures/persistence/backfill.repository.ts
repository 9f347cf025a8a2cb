import { Injectable } from '@nestjs/common';
import { formatInstant } from '@slotmesh/kernel';
import type { Tx } from '@slotmesh/persistence';
import { z } from 'zod';
import { type BackfillCount, backfill, rate, roundsBehind } from '../domain/backfill';
import type { Months } from '../months.schema';
import type { MeasureSource } from './measure-source';

const count = z.number().nullable();
const cell = z.object({
  host: z.string(), service: z.string(), month: z.string(), own: z.boolean(), offered: count, filled: count, taken_by_desk: count, unfilled: count, unoffered: count, offers: count, minutes_median: count, minutes_p90: count,
}).transform(({ own, taken_by_desk, minutes_median, minutes_p90, ...rest }) => ({
  ...rest, takenByDesk: taken_by_desk, filledShare: rate(rest.filled, rest.offered), offersPerFill: rate(rest.offers, rest.filled), minutesMedian: minutes_median, minutesP90: minutes_p90,
  hidden: rest.offered === null || rest.filled === null || rest.unoffered === null, opens: own,
}));
export type BackfillCell = z.output<typeof cell>;

export interface BackfillKey {
  readonly host: string;
  readonly service: string;
  readonly month: string;
}

@Injectable()
export class BackfillRepository implements MeasureSource<Months, BackfillCell, BackfillKey, BackfillCount> {
  readonly measure = backfill;
  rowName = (): string => 'round';

  async cells(tx: Tx, { from, to }: Months, network: boolean): Promise<BackfillCell[]> {
    const rows = await tx.query(
      `SELECT host, service, to_char(month, 'YYYY-MM') AS month, own, offered, filled, taken_by_desk, unfilled, unoffered, offers, minutes_median, minutes_p90 FROM backfill_cells($1, $2, $3, $4)`,
      [`${from}-01`, `${to}-01`, formatInstant(tx.now), network]);
    return rows.map((row) => cell.parse(row));
  }

  parties = ({ host }: BackfillKey): readonly string[] => [host];

  async rows(tx: Tx, key: BackfillKey, counted: BackfillCount, after: string | null, limit: number): Promise<string[]> {
    const { outcomes, asked } = roundsBehind[counted];
    const rows = await tx.query<{ id: string }>(
      `SELECT id FROM offer_round WHERE host = $1 AND service = $2 AND month = $3 AND outcome = ANY ($4) AND (offers > 0) = $5 AND ($6::uuid IS NULL OR id > $6) ORDER BY id LIMIT $7`,
      [key.host, key.service, `${key.month}-01`, outcomes, asked, after, limit]);
    return rows.map(({ id }) => id);
  }
}
