import { Injectable } from '@nestjs/common';
import { type TimeRange, instantOfDate, toDate } from '@slotmesh/kernel';
import type { Sql, Tx } from '@slotmesh/persistence';
import type { Door } from './attempts.repository';

/** Times that a representative tried to move a visit to in vain, until they are over. */
@Injectable()
export class RefusedTimesRepository {
  async add(tx: Tx, door: Door, { start, end }: TimeRange): Promise<void> {
    await tx.execute('DELETE FROM refused_time WHERE patient_id = $1 AND audience = $2 AND ends_at <= $3', [door.patient, door.audience, toDate(tx.now)]);
    await tx.execute('INSERT INTO refused_time (patient_id, audience, practice_id, starts_at, ends_at) VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING', [door.patient, door.audience, door.host, toDate(start), toDate(end)]);
  }

  async of(sql: Sql, door: Pick<Door, 'patient' | 'audience'>): Promise<TimeRange[]> {
    const rows = await sql.query<{ starts_at: Date; ends_at: Date }>('SELECT starts_at, ends_at FROM refused_time WHERE patient_id = $1 AND audience = $2', [door.patient, door.audience]);
    return rows.map((row) => ({ start: instantOfDate(row.starts_at), end: instantOfDate(row.ends_at) }));
  }
}
