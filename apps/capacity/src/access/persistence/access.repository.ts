import { Injectable } from '@nestjs/common';
import type { AccessTaken, EmptySearchesCounted, EventData, NetworkAccessTaken } from '@slotmesh/contracts';
import { type Instant, formatInstant } from '@slotmesh/kernel';
import type { Tx } from '@slotmesh/persistence';

const LINES = 'third timestamptz, days int, "workingDays" int, "horizonDays" int';
const instantsAsText = <T extends { readonly third: Instant | null }>(waits: readonly T[]): string => JSON.stringify(waits.map((wait) => ({ ...wait, third: wait.third === null ? null : formatInstant(wait.third) })));

/** A snapshot is taken once and never changes. */
@Injectable()
export class AccessRepository {
  async saveOwn(tx: Tx, s: EventData<typeof AccessTaken>, at: Instant): Promise<void> {
    await this.saveSnapshot(tx, s.id, s.host, s.at, at);
    await tx.execute(
      `INSERT INTO access_wait (snapshot, host, site, provider, visit_type, service, patients, day, third_at, days, working_days, horizon_days)
       SELECT $1, $2, $3, w.provider, w."visitType", w.service, w.patients, $4, w.third, w.days, w."workingDays", w."horizonDays"
       FROM jsonb_to_recordset($5::jsonb) AS w(provider uuid, "visitType" uuid, service text, patients text, ${LINES}) ON CONFLICT DO NOTHING`,
      [s.id, s.host, s.site, s.date, instantsAsText(s.waits)]);
  }

  async saveNetwork(tx: Tx, s: EventData<typeof NetworkAccessTaken>, at: Instant): Promise<void> {
    await this.saveSnapshot(tx, s.id, s.practice, s.at, at);
    await tx.execute(
      `INSERT INTO network_wait (snapshot, practice, service, day, host, third_at, days, working_days, horizon_days)
       SELECT $1, $2, w.service, $3, w.host, w.third, w.days, w."workingDays", w."horizonDays" FROM jsonb_to_recordset($4::jsonb) AS w(service text, host text, ${LINES}) ON CONFLICT DO NOTHING`,
      [s.id, s.practice, s.date, instantsAsText(s.waits)]);
  }

  async saveSearches(tx: Tx, s: EventData<typeof EmptySearchesCounted>, at: Instant): Promise<void> {
    await tx.execute(
      `INSERT INTO empty_search (id, practice, service, hour, searches, changed_at) VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (id) DO NOTHING`,
      [s.id, s.practice, s.service, formatInstant(s.hour), s.searches, formatInstant(at)]);
  }

  private saveSnapshot(tx: Tx, id: string, practice: string, takenAt: Instant, at: Instant): Promise<unknown> {
    return tx.execute('INSERT INTO access_snapshot (id, practice, at, changed_at) VALUES ($1, $2, $3, $4) ON CONFLICT (id) DO NOTHING', [id, practice, formatInstant(takenAt), formatInstant(at)]);
  }
}
