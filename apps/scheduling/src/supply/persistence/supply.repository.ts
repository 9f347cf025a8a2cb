import { Injectable } from '@nestjs/common';
import { localDate, practiceId, providerId, zone } from '@slotmesh/contracts';
import { type Instant, type LocalDate, type PracticeId, type ProviderId, type Zone, instantOrNull, toDate } from '@slotmesh/kernel';
import type { Sql } from '@slotmesh/persistence';
import { z } from 'zod';
import { AGREED_TERMS } from '../../agreements/persistence/agreed-terms';

/** The calendars of a practice. `state` is another one whenever hours, closures, visit types or agreements have changed. */
export interface SupplyCalendar {
  readonly host: PracticeId;
  readonly zone: Zone;
  readonly state: string;
  readonly hasChanged: boolean;
  /** When the next of its providers has to be looked at. */
  readonly next: Instant | null;
}
/** A provider whose dates have to be looked at. */
export interface SuppliedProvider {
  readonly provider: ProviderId;
  /** What was stated came of this. */
  readonly made: string | null;
  /** Of each date what was stated last, in short. */
  readonly stated: ReadonlyMap<LocalDate, string>;
}
const storedDates = z.record(localDate, z.string());

@Injectable()
export class SupplyRepository {
  async calendars(sql: Sql): Promise<SupplyCalendar[]> {
    const rows = await sql.query<{ host: string; zone: string; state: string; changed: boolean; next_at: Date | null }>(
      `WITH ${AGREED_TERMS},
       calendar AS (SELECT p.id AS host, p.zone, coalesce(v.changed_by::text, '0') || ' ' || coalesce((SELECT md5(string_agg(t.state, ' ' ORDER BY t.agreement)) FROM terms t WHERE t.agreement IN (SELECT g.agreement FROM agreed g WHERE p.id = ANY (g.practices))), '') AS state
         FROM practice p LEFT JOIN calendar_version v ON v.practice_id = p.id WHERE p.staffed)
       SELECT k.host, k.zone, k.state, c.seen IS DISTINCT FROM k.state AS changed, (SELECT min(s.next_at) FROM supply_provider s WHERE s.practice_id = k.host) AS next_at
       FROM calendar k LEFT JOIN supply_calendar c ON c.practice_id = k.host ORDER BY k.host`);
    return rows.map((row) => ({ host: practiceId.parse(row.host), zone: zone.parse(row.zone), state: row.state, hasChanged: row.changed, next: instantOrNull(row.next_at) }));
  }

  /** False: another process looks at it. */
  async lock(sql: Sql, { host }: SupplyCalendar): Promise<boolean> {
    await sql.execute('INSERT INTO supply_calendar (practice_id) VALUES ($1) ON CONFLICT DO NOTHING', [host]);
    return (await sql.query('SELECT 1 FROM supply_calendar WHERE practice_id = $1 FOR NO KEY UPDATE SKIP LOCKED', [host])).length > 0;
  }

  /** Every provider of the practice has to be looked at, those among them who are new. False: that was seen already. */
  async noteChange(sql: Sql, { host, state }: SupplyCalendar, providers: readonly ProviderId[], now: Instant): Promise<boolean> {
    const changed = await sql.execute('UPDATE supply_calendar SET seen = $2 WHERE practice_id = $1 AND seen IS DISTINCT FROM $2', [host, state]);
    if (changed === 0) return false;
    await sql.execute('INSERT INTO supply_provider (provider_id, practice_id, next_at) SELECT id, $1, $3 FROM unnest($2::uuid[]) AS id ON CONFLICT (provider_id) DO NOTHING', [host, providers, toDate(now)]);
    await sql.execute('UPDATE supply_provider SET next_at = $2 WHERE practice_id = $1 AND next_at > $2', [host, toDate(now)]);
    return true;
  }

  async due(sql: Sql, host: PracticeId, now: Instant, limit: number): Promise<SuppliedProvider[]> {
    const rows = await sql.query<{ provider_id: string; made: string | null; stated: unknown }>('SELECT provider_id, made, stated FROM supply_provider WHERE practice_id = $1 AND next_at <= $2 ORDER BY next_at, provider_id LIMIT $3', [host, toDate(now), limit]);
    return rows.map((row) => ({ provider: providerId.parse(row.provider_id), made: row.made, stated: new Map(Object.entries(storedDates.parse(row.stated)).map(([date, digest]) => [localDate.parse(date), digest])) }));
  }

  async save(sql: Sql, { provider, made, stated }: SuppliedProvider, next: Instant): Promise<void> {
    await sql.execute('UPDATE supply_provider SET made = $2, stated = $3::jsonb, next_at = $4 WHERE provider_id = $1', [provider, made, JSON.stringify(Object.fromEntries(stated)), toDate(next)]);
  }

  /** Who gives nothing any more, and of whom no date is left that was stated. */
  async forget(sql: Sql, provider: ProviderId): Promise<void> {
    await sql.execute('DELETE FROM supply_provider WHERE provider_id = $1', [provider]);
  }
}
