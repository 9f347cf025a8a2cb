import { Injectable } from '@nestjs/common';
import { type AppointmentId, type HoldId, type Instant, type OfferRoundId, type PracticeId, type ProviderId, type ServiceCode, type SiteId, type VisitTypeId, type WaitlistEntryId, type Zone, instantOfDate, toDate } from '@slotmesh/kernel';
import type { Sql, Tx } from '@slotmesh/persistence';
import type { KeptTime } from '../domain/matched-times';

/** `new` and `open` go on; the rest are ends. */
export type RoundState = 'new' | 'open' | 'filled' | 'nobody-waits' | 'exhausted' | 'not-open' | 'taken-by-desk';
export type RoundEnd = Exclude<RoundState, 'new' | 'open'>;

export interface OfferRound {
  readonly id: OfferRoundId;
  readonly host: PracticeId;
  readonly visitType: VisitTypeId;
  readonly provider: ProviderId;
  readonly site: SiteId;
  readonly start: Instant;
  readonly end: Instant;
  /** The visit that was given up; null: a closure was lifted. */
  readonly freedBy: AppointmentId | null;
  readonly freedAt: Instant;
  readonly hold: HoldId | null;
  readonly cutOff: Instant | null;
  readonly state: RoundState;
  /** Offers made so far. */
  readonly made: number;
  /** When it is looked at again; null once it has ended. */
  readonly nextAt: Instant | null;
  readonly endedAt: Instant | null;
  readonly appointment: AppointmentId | null;
}
interface RoundRow {
  id: OfferRoundId; host_id: PracticeId; visit_type_id: VisitTypeId; provider_id: ProviderId; site_id: SiteId; starts_at: Date; ends_at: Date; freed_by: AppointmentId | null; freed_at: Date; hold_id: HoldId | null;
  cut_off: Date | null; state: RoundState; made: number; next_at: Date | null; ended_at: Date | null; appointment_id: AppointmentId | null;
}

const ASKS = `EXISTS (SELECT FROM offer o WHERE o.round_id = r.id AND o.entry_id = ANY ($1::uuid[]) AND o.state = 'open')`;

@Injectable()
export class OfferRoundRepository {
  async find(sql: Sql, id: OfferRoundId): Promise<OfferRound | null> {
    const [row] = await sql.query<RoundRow>(`SELECT * FROM offer_round WHERE id = $1`, [id]);
    return row ? toRound(row) : null;
  }

  /** What stands in the reference data of the host, who is not always the tenant: for workers. */
  async placeOf(sql: Sql, round: OfferRound): Promise<{ readonly service: ServiceCode; readonly zone: Zone }> {
    const [row] = await sql.query<{ service_code: ServiceCode; zone: Zone }>(`SELECT v.service_code, s.zone FROM visit_type v, site s WHERE v.id = $1 AND s.id = $2`, [round.visitType, round.site]);
    if (!row) throw new Error(`offer round ${round.id}: its visit type or site cannot be read`);
    return { service: row.service_code, zone: row.zone };
  }

  /** For time that is open again without a visit that was given up. */
  async begin(tx: Tx, round: Pick<OfferRound, 'id' | 'host' | 'visitType' | 'provider' | 'site' | 'start' | 'end'>): Promise<void> {
    await tx.execute(
      `INSERT INTO offer_round (id, host_id, visit_type_id, provider_id, site_id, starts_at, ends_at, freed_at, next_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $8)`,
      [round.id, round.host, round.visitType, round.provider, round.site, toDate(round.start), toDate(round.end), toDate(tx.now)]);
  }

  /**
   * Times of a host that are kept, or about to be because they are open again, and that nobody is being asked for just now, by start; with who was asked before. Why not what a visit gave back a moment ago: its day may
   * have been closed then, and its round about to end.
   */
  async unasked(sql: Sql, host: PracticeId, limit: number): Promise<KeptTime[]> {
    const rows = await sql.query<RoundRow & { service_code: ServiceCode; zone: Zone; latitude: number | null; longitude: number | null; asked: WaitlistEntryId[] }>(
      `SELECT r.*, v.service_code, s.zone, s.latitude, s.longitude, ARRAY (SELECT o.entry_id FROM offer o WHERE o.round_id = r.id) AS asked FROM offer_round r JOIN visit_type v ON v.id = r.visit_type_id JOIN site s ON s.id = r.site_id
       WHERE r.host_id = $1 AND r.next_at IS NOT NULL AND (r.state = 'open' OR r.freed_by IS NULL) AND NOT EXISTS (SELECT FROM offer o WHERE o.round_id = r.id AND o.state = 'open') ORDER BY r.starts_at, r.id LIMIT $2`, [host, limit]);
    return rows.map((row) => ({ host: row.host_id, service: row.service_code, start: instantOfDate(row.starts_at), zone: row.zone, latitude: row.latitude, longitude: row.longitude, asked: row.asked }));
  }

  /** In the one order after resources and holds, before offers, entries and appointments. */
  async lock(sql: Sql, id: OfferRoundId): Promise<OfferRound | null> {
    const [row] = await sql.query<RoundRow>(`SELECT * FROM offer_round WHERE id = $1 FOR NO KEY UPDATE`, [id]);
    return row ? toRound(row) : null;
  }

  /** Which rounds ask some entries just now. */
  async asking(sql: Sql, entries: readonly WaitlistEntryId[]): Promise<OfferRoundId[]> {
    return (await sql.query<{ id: OfferRoundId }>(`SELECT r.id FROM offer_round r WHERE ${ASKS} ORDER BY r.id`, [[...entries]])).map(({ id }) => id);
  }

  /** The same, locked in the order of their ids. */
  async lockAsking(sql: Sql, entries: readonly WaitlistEntryId[]): Promise<OfferRoundId[]> {
    return (await sql.query<{ id: OfferRoundId }>(`SELECT r.id FROM offer_round r WHERE ${ASKS} ORDER BY r.id FOR NO KEY UPDATE OF r`, [[...entries]])).map(({ id }) => id);
  }

  async list(sql: Sql, filter: { readonly state: RoundState | null; readonly after: string | null; readonly limit: number }): Promise<OfferRound[]> {
    return (await sql.query<RoundRow>(`SELECT * FROM offer_round WHERE ($1::text IS NULL OR state = $1) AND ($2::uuid IS NULL OR id > $2) ORDER BY id LIMIT $3`, [filter.state, filter.after, filter.limit])).map(toRound);
  }

  /** Rounds to look at, the nearest visit first. */
  async due(sql: Sql, now: Instant, limit: number): Promise<{ readonly id: OfferRoundId; readonly host: PracticeId }[]> {
    return (await sql.query<{ id: OfferRoundId; host_id: PracticeId }>(`SELECT id, host_id FROM offer_round WHERE next_at <= $1 ORDER BY starts_at, id LIMIT $2`, [toDate(now), limit])).map((row) => ({ id: row.id, host: row.host_id }));
  }

  async nextDue(sql: Sql): Promise<Instant | null> {
    const [row] = await sql.query<{ at: Date | null }>(`SELECT min(next_at) AS at FROM offer_round WHERE next_at IS NOT NULL`);
    return row?.at ? instantOfDate(row.at) : null;
  }

  async open(tx: Tx, id: OfferRoundId, hold: HoldId, cutOff: Instant): Promise<void> {
    await tx.execute(`UPDATE offer_round SET state = 'open', hold_id = $2, cut_off = $3 WHERE id = $1`, [id, hold, toDate(cutOff)]);
  }

  async goOn(tx: Tx, id: OfferRoundId, made: number, nextAt: Instant): Promise<void> {
    await tx.execute(`UPDATE offer_round SET made = $2, next_at = $3 WHERE id = $1`, [id, made, toDate(nextAt)]);
  }

  /** Looked at again at once: somebody said no, or was not reached. */
  async wake(tx: Tx, id: OfferRoundId): Promise<void> {
    await tx.execute(`UPDATE offer_round SET next_at = least(next_at, $2) WHERE id = $1 AND next_at IS NOT NULL`, [id, toDate(tx.now)]);
  }

  async end(tx: Tx, id: OfferRoundId, state: RoundEnd, appointment: AppointmentId | null = null): Promise<void> {
    await tx.execute(`UPDATE offer_round SET state = $2, next_at = NULL, ended_at = $3, appointment_id = $4 WHERE id = $1`, [id, state, toDate(tx.now), appointment]);
  }
}

const toRound = (row: RoundRow): OfferRound => ({
  id: row.id, host: row.host_id, visitType: row.visit_type_id, provider: row.provider_id, site: row.site_id, start: instantOfDate(row.starts_at), end: instantOfDate(row.ends_at), freedBy: row.freed_by,
  freedAt: instantOfDate(row.freed_at), hold: row.hold_id, cutOff: row.cut_off ? instantOfDate(row.cut_off) : null, state: row.state, made: row.made, nextAt: row.next_at ? instantOfDate(row.next_at) : null,
  endedAt: row.ended_at ? instantOfDate(row.ended_at) : null, appointment: row.appointment_id,
});
