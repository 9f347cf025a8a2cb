import { Injectable } from '@nestjs/common';
import type { OfferSnapshot } from '@slotmesh/contracts';
import {
  type AppointmentId, type Instant, type OfferId, type OfferRoundId, type PatientId, type PracticeId, type ProviderId, type ServiceCode, type SiteId, type VisitTypeId, type WaitlistEntryId, type Zone, instantOfDate, toDate,
} from '@slotmesh/kernel';
import type { Sql, Tx } from '@slotmesh/persistence';
import type { Modality } from '../../openings/domain/opening';
import type { OfferChannel } from '../waitlist-entry';

export type OfferState = OfferSnapshot['state'];

/** A freed time that one patient is asked about. */
export interface Offer {
  readonly id: OfferId;
  readonly round: OfferRoundId;
  readonly entry: WaitlistEntryId;
  /** The patient's practice, which sends. */
  readonly practice: PracticeId;
  readonly host: PracticeId;
  readonly patient: PatientId;
  /** 1 while open, 2 after. */
  readonly revision: number;
  readonly channels: readonly OfferChannel[];
  readonly state: OfferState;
  readonly offeredAt: Instant;
  readonly expiresAt: Instant;
  readonly endedAt: Instant | null;
  readonly visitType: VisitTypeId;
  readonly service: ServiceCode;
  readonly modality: Modality;
  readonly provider: ProviderId;
  readonly site: SiteId;
  readonly zone: Zone;
  readonly start: Instant;
  readonly end: Instant;
  /** The later visit that a yes gives up now; null: none, or it is off or nearer already. */
  readonly replaces: { readonly appointment: AppointmentId; readonly start: Instant; readonly zone: Zone } | null;
  /** The entry is confidential, or the visit that a yes takes the place of is, whatever became of that. */
  readonly confidential: boolean;
}
interface OfferRow {
  id: OfferId; round_id: OfferRoundId; entry_id: WaitlistEntryId; practice_id: PracticeId; host_id: PracticeId; patient_id: PatientId; revision: number; channels: OfferChannel[]; state: OfferState;
  offered_at: Date; expires_at: Date; ended_at: Date | null; visit_type_id: VisitTypeId; service_code: ServiceCode; modality: Modality; provider_id: ProviderId; site_id: SiteId; zone: Zone; starts_at: Date; ends_at: Date;
  replaces_id: AppointmentId | null; replaces_at: Date | null; replaces_zone: Zone | null; confidential: boolean;
}
/** What is offered stands in the round, which its practice does not read; the worker does, and desks read through `offered_time`. */
const SELECT = `SELECT o.id, o.round_id, o.entry_id, o.practice_id, o.host_id, o.patient_id, o.revision, o.channels, o.state, o.offered_at, o.expires_at, o.ended_at, t.visit_type_id, t.service_code, t.modality, t.provider_id, t.site_id, t.zone, t.starts_at, t.ends_at,
    g.id AS replaces_id, g.starts_at AS replaces_at, g.zone AS replaces_zone,
    e.confidential OR coalesce(r.confidential, false) AS confidential
  FROM offer o CROSS JOIN LATERAL offered_time(o.id) t JOIN waitlist_entry e ON e.id = o.entry_id LEFT JOIN appointment r ON r.id = e.replaces_id LEFT JOIN appointment g ON g.id = r.id AND g.status IN ('pending', 'booked') AND g.starts_at > t.starts_at`;

export interface OfferFilter {
  readonly state: OfferState | null;
  readonly entry: WaitlistEntryId | null;
  readonly after: string | null;
  readonly limit: number;
}

@Injectable()
export class OfferRepository {
  async add(tx: Tx, offer: Pick<Offer, 'id' | 'round' | 'entry' | 'practice' | 'host' | 'patient' | 'channels' | 'offeredAt' | 'expiresAt'>): Promise<void> {
    await tx.execute(
      `INSERT INTO offer (id, round_id, entry_id, practice_id, host_id, patient_id, channels, offered_at, expires_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
      [offer.id, offer.round, offer.entry, offer.practice, offer.host, offer.patient, offer.channels, toDate(offer.offeredAt), toDate(offer.expiresAt)]);
  }

  async find(sql: Sql, id: OfferId): Promise<Offer | null> {
    return (await this.findMany(sql, [id]))[0] ?? null;
  }

  async findMany(sql: Sql, ids: readonly OfferId[]): Promise<Offer[]> {
    return (await sql.query<OfferRow>(`${SELECT} WHERE o.id = ANY ($1::uuid[]) ORDER BY o.id`, [[...ids]])).map(toOffer);
  }

  /** The open offers of a round, locked by id; after the round itself. */
  async lockOpen(sql: Sql, round: OfferRoundId): Promise<Offer[]> {
    await sql.query(`SELECT id FROM offer WHERE round_id = $1 AND state = 'open' ORDER BY id FOR NO KEY UPDATE`, [round]);
    return (await sql.query<OfferRow>(`${SELECT} WHERE o.round_id = $1 AND o.state = 'open' ORDER BY o.id`, [round])).map(toOffer);
  }

  async list(sql: Sql, filter: OfferFilter): Promise<Offer[]> {
    return (await sql.query<OfferRow>(
      `${SELECT} WHERE ($1::text IS NULL OR o.state = $1) AND ($2::uuid IS NULL OR o.entry_id = $2) AND ($3::uuid IS NULL OR o.id > $3) ORDER BY o.id LIMIT $4`, [filter.state, filter.entry, filter.after, filter.limit])).map(toOffer);
  }

  async end(tx: Tx, offer: Offer, state: Exclude<OfferState, 'open'>): Promise<Offer> {
    await tx.execute(`UPDATE offer SET state = $2, revision = 2, ended_at = $3 WHERE id = $1`, [offer.id, state, toDate(tx.now)]);
    return { ...offer, state, revision: 2, endedAt: tx.now };
  }
}

const toOffer = (row: OfferRow): Offer => ({
  id: row.id, round: row.round_id, entry: row.entry_id, practice: row.practice_id, host: row.host_id, patient: row.patient_id, revision: row.revision, channels: row.channels, state: row.state,
  offeredAt: instantOfDate(row.offered_at), expiresAt: instantOfDate(row.expires_at), endedAt: row.ended_at ? instantOfDate(row.ended_at) : null, visitType: row.visit_type_id, service: row.service_code, modality: row.modality,
  provider: row.provider_id, site: row.site_id, zone: row.zone, start: instantOfDate(row.starts_at), end: instantOfDate(row.ends_at),
  replaces: row.replaces_id && row.replaces_at && row.replaces_zone ? { appointment: row.replaces_id, start: instantOfDate(row.replaces_at), zone: row.replaces_zone } : null, confidential: row.confidential,
});
