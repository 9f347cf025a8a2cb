import { Injectable } from '@nestjs/common';
import type { EventData, SupplyStated } from '@slotmesh/contracts';
import { type Instant, formatInstant } from '@slotmesh/kernel';
import type { Tx } from '@slotmesh/persistence';

@Injectable()
export class SupplyRepository {
  /** A date as it was stated last, with its parts. */
  async save(tx: Tx, s: EventData<typeof SupplyStated>, at: Instant): Promise<void> {
    await tx.execute(
      `INSERT INTO supply_day (id, host, provider, day, minutes, shared, changed_at) VALUES ($1, $2, $3, $4, $5, $6, $7)
       ON CONFLICT (id) DO UPDATE SET host = excluded.host, provider = excluded.provider, day = excluded.day, minutes = excluded.minutes, shared = excluded.shared, changed_at = excluded.changed_at`,
      [s.id, s.host, s.provider, s.date, s.minutes, s.shared, formatInstant(at)]);
    // The first day only ever moves back, and nobody waits for its row once it stands.
    await tx.execute('INSERT INTO supply_since (host, since) VALUES ($1, $2) ON CONFLICT (host) DO NOTHING', [s.host, s.date]);
    await tx.execute('UPDATE supply_since SET since = $2 WHERE host = $1 AND since > $2::date', [s.host, s.date]);
    await tx.execute('DELETE FROM supply_part WHERE supply = $1', [s.id]);
    await tx.execute(
      `INSERT INTO supply_part (supply, host, provider, day, site, service, minutes)
       SELECT $1, $2, $3, $4, p.site, p.service, p.minutes FROM jsonb_to_recordset($5::jsonb) AS p(site uuid, service text, minutes int)`,
      [s.id, s.host, s.provider, s.date, JSON.stringify([...s.sites.map(({ site, minutes }) => ({ site, minutes })), ...s.services])]);
  }
}
