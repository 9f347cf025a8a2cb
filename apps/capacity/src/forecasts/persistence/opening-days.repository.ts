import { Injectable } from '@nestjs/common';
import { type LocalDate, type PracticeId, type Zone, parseLocalDate, parseZone } from '@slotmesh/kernel';
import type { Tx } from '@slotmesh/persistence';
import { z } from 'zod';
import type { StatedSupply } from '../domain/opening-days';

const date = z.string().transform(parseLocalDate);
const supplied = z.object({ day: date, minutes: z.coerce.number() });
const practice = z.object({ zone: z.string().transform(parseZone) });

@Injectable()
export class OpeningDaysRepository {
  /** Scheduled minutes of all providers of a practice by date, closed dates as 0. */
  async stated(tx: Tx, host: PracticeId, from: LocalDate): Promise<StatedSupply> {
    const rows = (await tx.query('SELECT day::text AS day, sum(minutes) AS minutes FROM supply_day WHERE host = $1 AND day >= $2::date GROUP BY day ORDER BY day', [host, from])).map((row) => supplied.parse(row));
    return { minutes: new Map(rows.map(({ day, minutes }) => [day, minutes])), statedTo: rows.at(-1)?.day ?? null };
  }

  /** Null where nothing has been told of the practice yet. */
  async zone(tx: Tx, id: PracticeId): Promise<Zone | null> {
    const [row] = await tx.query('SELECT zone FROM practice WHERE id = $1', [id]);
    return row === undefined ? null : practice.parse(row).zone;
  }
}
