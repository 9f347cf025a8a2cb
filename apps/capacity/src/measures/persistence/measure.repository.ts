import { Injectable } from '@nestjs/common';
import { type Instant, type LocalDate, formatInstant, instantOfDate } from '@slotmesh/kernel';
import type { Tx } from '@slotmesh/persistence';
import { z } from 'zod';
import { type SharedVisitCount, rowsBehind } from '../domain/shared-visits';
import type { SourceProgress } from '../domain/sources';

const count = z.number().nullable();
const cell = z.object({ host: z.string(), booking: z.string(), service: z.string(), day: z.string(), own: z.boolean(), booked: count, cancelled: count, fulfilled: count, no_show: count, unmarked: count, open: count })
  .transform(({ no_show, ...rest }) => ({ ...rest, noShow: no_show }));
export type SharedVisitCell = z.output<typeof cell>;

const source = z.object({ topic: z.string(), records: z.coerce.number(), last_at: z.date().nullable(), parked: z.coerce.number() })
  .transform(({ last_at, ...rest }): SourceProgress => ({ ...rest, lastAt: last_at === null ? null : formatInstant(instantOfDate(last_at)) }));

export interface CellKey {
  readonly host: string;
  readonly booking: string;
  readonly service: string;
  readonly day: LocalDate;
}

@Injectable()
export class MeasureRepository {
  /** `network`: for an operator, who belongs to no practice. Small counts of others are hidden by the database itself. */
  async sharedVisits(tx: Tx, from: LocalDate, to: LocalDate, now: Instant, network: boolean): Promise<SharedVisitCell[]> {
    const rows = await tx.query('SELECT host, booking, service, day::text, own, booked, cancelled, fulfilled, no_show, unmarked, open FROM shared_visit_cells($1, $2, $3, $4)', [from, to, formatInstant(now), network]);
    return rows.map((row) => cell.parse(row));
  }

  /** Ids of the visits behind a number; row-level security leaves only those of the caller's own practice. */
  async rowsOfSharedVisits(tx: Tx, key: CellKey, counted: SharedVisitCount, now: Instant, after: string | null, limit: number): Promise<string[]> {
    const { statuses, ended } = rowsBehind[counted];
    const rows = await tx.query<{ id: string }>(
      `SELECT id FROM visit WHERE host = $1 AND booking = $2 AND host <> booking AND took_time AND service = $3 AND day = $4 AND status = ANY($5) AND ($6::boolean IS NULL OR (end_at <= $7) = $6)
       AND ($8::uuid IS NULL OR id > $8) ORDER BY id LIMIT $9`,
      [key.host, key.booking, key.service, key.day, statuses, ended, formatInstant(now), after, limit],
    );
    return rows.map(({ id }) => id);
  }

  async sources(tx: Tx): Promise<SourceProgress[]> {
    return (await tx.query('SELECT topic, records, last_at, parked FROM source_progress()')).map((row) => source.parse(row));
  }
}
