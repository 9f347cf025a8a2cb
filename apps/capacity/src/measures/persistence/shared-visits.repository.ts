import { Injectable } from '@nestjs/common';
import { type LocalDate, formatInstant } from '@slotmesh/kernel';
import type { Tx } from '@slotmesh/persistence';
import { z } from 'zod';
import { type SharedVisitCount, rowsBehind, sharedVisits } from '../domain/shared-visits';
import type { MeasureSource } from './measure-source';

const count = z.number().nullable();
const cell = z.object({ host: z.string(), booking: z.string(), service: z.string(), day: z.string(), own: z.boolean(), booked: count, cancelled: count, fulfilled: count, no_show: count, unmarked: count, open: count })
  .transform(({ own, no_show, ...rest }) => ({ ...rest, noShow: no_show, hidden: rest.booked === null || rest.cancelled === null, opens: own }));
export type SharedVisitCell = z.output<typeof cell>;

export interface SharedVisitKey {
  readonly host: string;
  readonly booking: string;
  readonly service: string;
  readonly day: LocalDate;
}

@Injectable()
export class SharedVisitsRepository implements MeasureSource<{ readonly from: LocalDate; readonly to: LocalDate }, SharedVisitCell, SharedVisitKey, SharedVisitCount> {
  readonly measure = sharedVisits;
  rowName = (): string => 'appointment';

  async cells(tx: Tx, { from, to }: { readonly from: LocalDate; readonly to: LocalDate }, network: boolean): Promise<SharedVisitCell[]> {
    const rows = await tx.query('SELECT host, booking, service, day::text, own, booked, cancelled, fulfilled, no_show, unmarked, open FROM shared_visit_cells($1, $2, $3, $4)', [from, to, formatInstant(tx.now), network]);
    return rows.map((row) => cell.parse(row));
  }

  parties = ({ host, booking }: SharedVisitKey): readonly string[] => [host, booking];

  async rows(tx: Tx, key: SharedVisitKey, counted: SharedVisitCount, after: string | null, limit: number): Promise<string[]> {
    const { statuses, ended } = rowsBehind[counted];
    const rows = await tx.query<{ id: string }>(
      `SELECT id FROM visit WHERE host = $1 AND booking = $2 AND host <> booking AND took_time AND service = $3 AND day = $4 AND status = ANY($5) AND ($6::boolean IS NULL OR (end_at <= $7) = $6)
       AND ($8::uuid IS NULL OR id > $8) ORDER BY id LIMIT $9`,
      [key.host, key.booking, key.service, key.day, statuses, ended, formatInstant(tx.now), after, limit],
    );
    return rows.map(({ id }) => id);
  }
}
