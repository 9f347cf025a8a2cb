import { Injectable } from '@nestjs/common';
import { SiteDefined } from '@slotmesh/contracts';
import { type SiteId, type Zone, formatInstant, newId } from '@slotmesh/kernel';
import { type Tx, eventOf } from '@slotmesh/persistence';
import type { Phone } from '../../patients/domain/phone';
import type { FeedLocation } from '../domain/feed-location';
import type { FeedSchedule } from '../domain/feed-schedule';
import type { FeedSlot, SlotPlace } from '../domain/feed-slot';
import type { FeedFile } from './feed-file.repository';
import type { FeedSource } from './feed-source.repository';

interface SiteRow { id: SiteId; name: string; zone: Zone; phone: string; address: FeedLocation['address']; latitude: number | null; longitude: number | null; sensitive: boolean }
export interface KnownSchedule extends SlotPlace {
  readonly id: string;
}

/** Places, schedules and times of a publication; each write adds or changes and tells how many rows are other than before. */
@Injectable()
export class FeedCalendarRepository {
  async saveLocations(tx: Tx, source: FeedSource, locations: readonly FeedLocation[]): Promise<number> {
    const rows = locations.map((one) => ({ id: newId(), external_id: one.externalId, name: one.name, zone: one.zone, phone: one.phone ?? '', address: one.address, state: one.address.state, latitude: one.latitude, longitude: one.longitude }));
    const changed = await tx.query<SiteRow>(
      `INSERT INTO site AS s (id, practice_id, external_id, name, zone, phone, address, state, latitude, longitude)
       SELECT r.id, $1, r.external_id, r.name, r.zone, r.phone, r.address, r.state, r.latitude, r.longitude
       FROM jsonb_to_recordset($2::jsonb) AS r(id uuid, external_id text, name text, zone text, phone text, address jsonb, state text, latitude double precision, longitude double precision) ORDER BY r.external_id
       ON CONFLICT (practice_id, external_id) DO UPDATE SET name = excluded.name, zone = excluded.zone, phone = excluded.phone, address = excluded.address, state = excluded.state,
         latitude = excluded.latitude, longitude = excluded.longitude, version = s.version + 1
       WHERE (s.name, s.zone, s.phone, s.address, s.latitude, s.longitude) IS DISTINCT FROM (excluded.name, excluded.zone, excluded.phone, excluded.address, excluded.latitude, excluded.longitude)
       RETURNING s.id, s.name, s.zone, s.phone, s.address, s.latitude, s.longitude, s.sensitive`, [source.practice, JSON.stringify(rows)]);
    tx.outbox.add(...changed.map((row) => eventOf(SiteDefined, { key: row.id, host: source.practice }, { ...row, practice: source.practice })));
    return changed.length;
  }

  async sitesOf(tx: Tx, source: FeedSource, externalIds: readonly string[]): Promise<ReadonlyMap<string, SiteId>> {
    const rows = await tx.query<{ external_id: string; id: SiteId }>('SELECT external_id, id FROM site WHERE practice_id = $1 AND external_id = ANY ($2::text[])', [source.practice, [...new Set(externalIds)]]);
    return new Map(rows.map((row) => [row.external_id, row.id]));
  }

  async services(tx: Tx): Promise<ReadonlySet<string>> {
    return new Set((await tx.query<{ code: string }>('SELECT code FROM service')).map(({ code }) => code));
  }

  async saveSchedules(tx: Tx, source: FeedSource, schedules: readonly (FeedSchedule & { readonly site: SiteId })[]): Promise<number> {
    const rows = schedules.map((one) => ({ id: newId(), external_id: one.externalId, site_id: one.site, service_code: one.service, products: one.products }));
    return tx.execute(
      `INSERT INTO feed_schedule AS c (id, practice_id, source_id, external_id, site_id, service_code, products)
       SELECT r.id, $1, $2, r.external_id, r.site_id, r.service_code, r.products FROM jsonb_to_recordset($3::jsonb) AS r(id uuid, external_id text, site_id uuid, service_code text, products text[]) ORDER BY r.external_id
       ON CONFLICT (source_id, external_id) DO UPDATE SET site_id = excluded.site_id, service_code = excluded.service_code, products = excluded.products
         WHERE (c.site_id, c.service_code, c.products) IS DISTINCT FROM (excluded.site_id, excluded.service_code, excluded.products)`,
      [source.practice, source.id, JSON.stringify(rows)]);
  }

  async schedulesOf(tx: Tx, source: FeedSource): Promise<ReadonlyMap<string, KnownSchedule>> {
    const rows = await tx.query<{ external_id: string; id: string; zone: Zone; phone: string }>('SELECT c.external_id, c.id, s.zone, s.phone FROM feed_schedule c JOIN site s ON s.id = c.site_id WHERE c.source_id = $1', [source.id]);
    return new Map(rows.map((row) => [row.external_id, { id: row.id, zone: row.zone, phone: row.phone === '' ? null : (row.phone as Phone) }]));
  }

  /** `repeated` counts those that this reading of the file had given before: the later stand. */
  async saveSlots(tx: Tx, source: FeedSource, file: FeedFile, slots: readonly (FeedSlot & { readonly scheduleId: string })[]): Promise<{ readonly repeated: number }> {
    const rows = JSON.stringify(slots.map((one) => ({ schedule_id: one.scheduleId, starts_at: formatInstant(one.start), ends_at: formatInstant(one.end), free: one.free, capacity: one.capacity, link: one.link, phone: one.phone })));
    const [before] = await tx.query<{ n: number }>(
      // Why lateral: a join by file reads all of a large file again for every chunk of it.
      `SELECT count(*)::int AS n FROM jsonb_to_recordset($1::jsonb) AS r(schedule_id uuid, starts_at timestamptz)
       CROSS JOIN LATERAL (SELECT t.file_id, t.reading FROM feed_slot t WHERE t.schedule_id = r.schedule_id AND t.starts_at = r.starts_at OFFSET 0) AS t WHERE t.file_id = $2 AND t.reading = $3`, [rows, file.id, file.reading]);
    await tx.execute(
      `INSERT INTO feed_slot (schedule_id, starts_at, ends_at, practice_id, free, capacity, link, phone, file_id, reading)
       SELECT r.schedule_id, r.starts_at, r.ends_at, $1, r.free, r.capacity, r.link, r.phone, $2, $3
       FROM jsonb_to_recordset($4::jsonb) AS r(schedule_id uuid, starts_at timestamptz, ends_at timestamptz, free boolean, capacity int, link text, phone text) ORDER BY r.schedule_id, r.starts_at
       ON CONFLICT (schedule_id, starts_at) DO UPDATE SET ends_at = excluded.ends_at, free = excluded.free, capacity = excluded.capacity, link = excluded.link, phone = excluded.phone, file_id = excluded.file_id, reading = excluded.reading`,
      [source.practice, file.id, file.reading, rows]);
    return { repeated: before?.n ?? 0 };
  }

  /** What an earlier reading of the file gave and this one did not is no longer published. */
  removeUnread(tx: Tx, file: FeedFile): Promise<number> {
    return tx.execute('DELETE FROM feed_slot WHERE file_id = $1 AND reading <> $2', [file.id, file.reading]);
  }
}
