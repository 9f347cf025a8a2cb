import { Injectable } from '@nestjs/common';
import { type Instant, type TimeRange, type VisitTypeId, instantOrNull, plusMs, toDate } from '@slotmesh/kernel';
import type { Sql, Tx } from '@slotmesh/persistence';
import type { PublishedKind, PublishedResource, PublishedSite } from '../domain/published-resources';

export interface PublicationState {
  readonly checkedAt: Instant | null;
  /** As of when what is published was last different. */
  readonly changedAt: Instant | null;
  /** Versions from then on can still be told; null where there was none yet. */
  readonly keptFrom: Instant | null;
}
interface StateRow { checked_at: Date | null; changed_at: Date | null; forgotten_to: Date | null }
const STATE = 'SELECT checked_at, changed_at, forgotten_to FROM publication';
const stateOf = (row: StateRow | undefined): PublicationState => ({ checkedAt: instantOrNull(row?.checked_at), changedAt: instantOrNull(row?.changed_at), keptFrom: instantOrNull(row?.forgotten_to) });

const COMPUTED = `WITH computed AS (SELECT * FROM jsonb_to_recordset($3::jsonb) AS r(id text, practice text, schedule text, location text, start timestamptz, body jsonb))`;
const AT = 'from_at <= $1 AND (to_at IS NULL OR to_at > $1)';

/** What is published now, and what was until when. Public data of all practices: only the worker role reads and writes it. */
@Injectable()
export class PublicationRepository {
  async state(sql: Sql): Promise<PublicationState> {
    return stateOf((await sql.query<StateRow>(STATE))[0]);
  }

  /** Null: somebody else is at it. */
  async tryLock(tx: Tx): Promise<PublicationState | null> {
    const [row] = await tx.query<StateRow>(`${STATE} FOR UPDATE SKIP LOCKED`);
    return row ? stateOf(row) : null;
  }

  /** Waits for whoever is at it. */
  async lock(tx: Tx): Promise<PublicationState> {
    return stateOf((await tx.query<StateRow>(`${STATE} FOR UPDATE`))[0]);
  }

  async checked(tx: Tx, changed: boolean): Promise<void> {
    await tx.execute('UPDATE publication SET checked_at = $1, changed_at = CASE WHEN $2 THEN $1 ELSE coalesce(changed_at, $1) END, forgotten_to = coalesce(forgotten_to, $1)', [toDate(tx.now), changed]);
  }

  async publicVisitTypes(sql: Sql): Promise<ReadonlySet<VisitTypeId>> {
    return new Set((await sql.query<{ id: VisitTypeId }>('SELECT id FROM visit_type WHERE public AND active AND NOT sensitive')).map(({ id }) => id));
  }

  sites(sql: Sql, ids: readonly string[]): Promise<PublishedSite[]> {
    // Why the practice's phone behind the site's: what is published must name a way to book it.
    return sql.query<PublishedSite>(
      `SELECT s.id, s.practice_id AS practice, s.name, coalesce(nullif(s.phone, ''), p.phone) AS phone, s.address, s.latitude, s.longitude FROM site s JOIN practice p ON p.id = s.practice_id WHERE s.id = ANY ($1::uuid[]) ORDER BY s.id`, [ids]);
  }

  async serviceNames(sql: Sql): Promise<ReadonlyMap<string, { readonly en: string; readonly es: string }>> {
    return new Map((await sql.query<{ code: string; name: { en: string; es: string } }>('SELECT code, name FROM service')).map(({ code, name }) => [code, name]));
  }

  /** Makes the free slots of a range what was computed. One that was free and is gone stays as busy, so that readers who ask for changes learn it. Returns how many rows are other than before. */
  async replaceSlots(tx: Tx, range: TimeRange, slots: readonly PublishedResource[]): Promise<number> {
    const values = [toDate(tx.now), [toDate(range.start), toDate(range.end)], rowsOf(slots)];
    const ended = await tx.execute(
      `${COMPUTED} UPDATE published_resource p SET to_at = $1 WHERE p.kind = 'Slot' AND p.to_at IS NULL AND p.starts_at >= ($2::timestamptz[])[1] AND p.starts_at < ($2::timestamptz[])[2]
       AND (CASE WHEN p.free THEN NOT EXISTS (SELECT 1 FROM computed c WHERE c.id = p.id AND c.body = p.body) ELSE EXISTS (SELECT 1 FROM computed c WHERE c.id = p.id) END)`, values);
    const begun = await this.addMissing(tx, 'Slot', slots);
    const busy = await tx.execute(
      `INSERT INTO published_resource (kind, id, practice_id, schedule_id, location_id, starts_at, free, body, from_at)
       SELECT kind, id, practice_id, schedule_id, location_id, starts_at, false, jsonb_set(body, '{status}', '"busy"'), $1 FROM published_resource p
       WHERE kind = 'Slot' AND to_at = $1 AND free AND starts_at >= ($2::timestamptz[])[1] AND starts_at < ($2::timestamptz[])[2]
         AND NOT EXISTS (SELECT 1 FROM published_resource o WHERE o.kind = 'Slot' AND o.id = p.id AND o.to_at IS NULL)`, values.slice(0, 2));
    return ended + begun + busy;
  }

  /** Places and schedules stay as long as a slot hangs on them, be it a busy one. */
  async replace(tx: Tx, kind: 'Location' | 'Schedule', resources: readonly PublishedResource[]): Promise<number> {
    const hangsOn = kind === 'Schedule' ? 'schedule_id' : 'location_id';
    const ended = await tx.execute(
      `${COMPUTED} UPDATE published_resource p SET to_at = $1 WHERE p.kind = $2 AND p.to_at IS NULL AND NOT EXISTS (SELECT 1 FROM computed c WHERE c.id = p.id AND c.body = p.body)
       AND (EXISTS (SELECT 1 FROM computed c WHERE c.id = p.id) OR NOT EXISTS (SELECT 1 FROM published_resource s WHERE s.kind = 'Slot' AND s.to_at IS NULL AND s.${hangsOn} = p.id))`, [toDate(tx.now), kind, rowsOf(resources)]);
    return ended + (await this.addMissing(tx, kind, resources));
  }

  /** Slots whose time has come, and rows that no manifest names any more. */
  async forgetPast(tx: Tx, keptMs: number): Promise<number> {
    await tx.execute('WITH gone AS (DELETE FROM published_resource WHERE to_at < $1 RETURNING to_at) UPDATE publication SET forgotten_to = greatest(forgotten_to, (SELECT max(to_at) FROM gone))', [toDate(plusMs(tx.now, -keptMs))]);
    return tx.execute(`UPDATE published_resource SET to_at = $1 WHERE kind = 'Slot' AND to_at IS NULL AND starts_at < $1`, [toDate(tx.now)]);
  }

  /** The states of the places that were published at a moment. */
  async states(sql: Sql, at: Instant): Promise<string[]> {
    return (await sql.query<{ state: string }>(`SELECT DISTINCT body #>> '{address,state}' AS state FROM published_resource WHERE kind = 'Location' AND ${AT} ORDER BY 1`, [toDate(at)])).map(({ state }) => state);
  }

  /** How many lines all files of a kind have together. */
  async count(sql: Sql, kind: PublishedKind, at: Instant, since: Instant | null): Promise<number> {
    const [row] = await sql.query<{ n: number }>(`SELECT count(*)::int AS n FROM published_resource WHERE kind = $2 AND ${AT} AND ($3::timestamptz IS NULL OR from_at > $3)`, [toDate(at), kind, since === null ? null : toDate(since)]);
    return row?.n ?? 0;
  }

  /** The id of the last line before line number `lines`, counted from 0; null where there are not as many. */
  async idBefore(sql: Sql, kind: PublishedKind, at: Instant, since: Instant | null, lines: number): Promise<string | null> {
    const [row] = await sql.query<{ id: string }>(`SELECT id FROM published_resource WHERE kind = $2 AND ${AT} AND ($3::timestamptz IS NULL OR from_at > $3) ORDER BY id OFFSET $4 LIMIT 1`, [toDate(at), kind, since === null ? null : toDate(since), lines - 1]);
    return row?.id ?? null;
  }

  /** Lines of a file, in order of id behind `after`, without places that became sensitive meanwhile. `since`: only what became so later. */
  lines(sql: Sql, kind: PublishedKind, at: Instant, since: Instant | null, after: string, limit: number): Promise<{ id: string; line: string }[]> {
    return sql.query(`SELECT id, body::text AS line FROM published_resource WHERE kind = $2 AND ${AT} AND ($3::timestamptz IS NULL OR from_at > $3) AND id > $4
       AND NOT EXISTS (SELECT 1 FROM site s WHERE s.sensitive AND s.id = (CASE kind WHEN 'Location' THEN published_resource.id ELSE published_resource.location_id END)::uuid) ORDER BY id LIMIT $5`, [toDate(at), kind, since === null ? null : toDate(since), after, limit]);
  }

  /** A slot as it is published now, with where it is; null at once where its place or service became sensitive, also while the publication still holds it. */
  async slot(sql: Sql, id: string): Promise<PresentSlot | null> {
    const [found] = await sql.query<PresentSlot>(
      `SELECT p.free, p.starts_at AS "startsAt", p.body #>> '{extension,1,valueString}' AS phone, s.name AS site, s.zone, s.address, h.name AS practice, c.name AS service
       FROM published_resource p JOIN practice h ON h.id = p.practice_id JOIN site s ON s.id = p.location_id::uuid AND NOT s.sensitive JOIN published_resource d ON d.kind = 'Schedule' AND d.id = p.schedule_id AND d.to_at IS NULL
       JOIN service c ON c.code = d.body #>> '{serviceType,0,coding,0,code}' AND NOT c.sensitive WHERE p.kind = 'Slot' AND p.id = $1 AND p.to_at IS NULL`, [id]);
    return found ?? null;
  }

  /** Whether a visit was booked with a publisher's reference, in whatever practice; nothing else of it. */
  async isUsed(sql: Sql, source: string, referral: string): Promise<boolean> {
    return (await sql.query('SELECT 1 FROM appointment WHERE lower(source) = lower($1) AND booking_referral = $2', [source, referral])).length > 0;
  }

  private addMissing(tx: Tx, kind: PublishedKind, resources: readonly PublishedResource[]): Promise<number> {
    return tx.execute(
      `${COMPUTED} INSERT INTO published_resource (kind, id, practice_id, schedule_id, location_id, starts_at, body, from_at)
       SELECT $2, c.id, c.practice, c.schedule, c.location, c.start, c.body, $1 FROM computed c WHERE NOT EXISTS (SELECT 1 FROM published_resource p WHERE p.kind = $2 AND p.id = c.id AND p.to_at IS NULL)`,
      [toDate(tx.now), kind, rowsOf(resources)]);
  }
}

const rowsOf = (resources: readonly PublishedResource[]): string => JSON.stringify(resources.map(({ start, ...one }) => ({ ...one, start: start === null ? null : toDate(start) })));

export interface PresentSlot {
  readonly free: boolean; readonly startsAt: Date; readonly phone: string; readonly site: string; readonly zone: string; readonly practice: string;
  readonly address: { readonly line: string; readonly city: string; readonly state: string; readonly postalCode: string };
  readonly service: { readonly en: string; readonly es: string };
}
