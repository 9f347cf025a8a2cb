import { Injectable } from '@nestjs/common';
import { HoldEnded, HoldPlaced } from '@slotmesh/contracts';
import { type AgreementId, type HoldId, type Instant, type OpeningId, type PracticeId, type ProviderId, type SiteId, type VisitTypeId, formatInstant, instantOfDate, toDate } from '@slotmesh/kernel';
import { type OutgoingEvent, type Sql, type Tx, eventOf } from '@slotmesh/persistence';
import type { Care } from '../../openings/domain/care';
import type { EndedHold } from '../../openings/persistence/occupancy.repository';
import type { Hold, HoldState } from '../domain/hold';

interface HoldRow {
  id: HoldId; opening: OpeningId; host_id: PracticeId; holder_id: PracticeId; holder_subject: string; agreement_id: AgreementId | null; quota_ids: string[];
  visit_type_id: VisitTypeId; provider_id: ProviderId; site_id: SiteId; starts_at: Date; ends_at: Date; placed_at: Date; expires_at: Date; state: HoldState; care: Care | null; overbook: boolean;
}

@Injectable()
export class HoldRepository {
  async insert(tx: Tx, hold: Hold): Promise<void> {
    await tx.execute(
      `INSERT INTO hold (id, opening, host_id, holder_id, holder_subject, agreement_id, quota_ids, visit_type_id, provider_id, site_id, starts_at, ends_at, placed_at, expires_at, care, overbook)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)`,
      [hold.id, hold.opening, hold.host, hold.holder, hold.holderSubject, hold.agreement, hold.quotas, hold.visitType, hold.provider, hold.site, toDate(hold.start), toDate(hold.end), toDate(hold.placedAt), toDate(hold.expiresAt), hold.care === null ? null : JSON.stringify(hold.care), hold.overbook],
    );
  }

  async find(sql: Sql, id: HoldId): Promise<Hold | null> {
    const [row] = await sql.query<HoldRow>(`SELECT * FROM hold WHERE id = $1`, [id]);
    return row ? toHold(row) : null;
  }

  /** After the resources are locked: the hold as it is now, kept until the end of the transaction. */
  async lock(sql: Sql, id: HoldId): Promise<Hold | null> {
    const [row] = await sql.query<HoldRow>(`SELECT * FROM hold WHERE id = $1 FOR NO KEY UPDATE`, [id]);
    return row ? toHold(row) : null;
  }

  async end(tx: Tx, hold: Hold, state: Exclude<HoldState, 'active'>): Promise<void> {
    await tx.execute(`UPDATE hold SET state = $2 WHERE id = $1`, [hold.id, state]);
    tx.outbox.add(holdEnded(hold, state, tx.now));
  }

  /** Holds past their time, the oldest first. */
  async due(sql: Sql, now: Instant, limit: number): Promise<HoldId[]> {
    return (await sql.query<{ id: HoldId }>(`SELECT id FROM hold WHERE state = 'active' AND expires_at <= $1 ORDER BY expires_at LIMIT $2`, [toDate(now), limit])).map((row) => row.id);
  }

  async nextExpiry(sql: Sql): Promise<Instant | null> {
    const [row] = await sql.query<{ at: Date | null }>(`SELECT min(expires_at) AS at FROM hold WHERE state = 'active'`);
    return row?.at ? instantOfDate(row.at) : null;
  }
}

export const holdPlaced = (hold: Hold): OutgoingEvent =>
  eventOf(HoldPlaced, { key: hold.id, host: hold.host, booking: hold.holder }, {
    id: hold.id, opening: hold.opening, host: hold.host, holder: hold.holder, provider: hold.provider, visitType: hold.visitType, site: hold.site,
    start: formatInstant(hold.start), end: formatInstant(hold.end), expiresAt: formatInstant(hold.expiresAt),
  });

export const holdEnded = (hold: Pick<Hold, 'id' | 'host' | 'holder'>, outcome: 'booked' | 'released' | 'expired', at: Instant): OutgoingEvent =>
  eventOf(HoldEnded, { key: hold.id, host: hold.host, booking: hold.holder }, { id: hold.id, host: hold.host, holder: hold.holder, outcome, at: formatInstant(at) });

/** Writes the events of holds that were ended because they stood in the way, and gathers what they counted. */
export function endedInTheWay(tx: Tx): { readonly onEnded: (ended: readonly EndedHold[]) => void; readonly freed: string[] } {
  const freed: string[] = [];
  return {
    freed,
    onEnded: (ended) => {
      freed.push(...ended.flatMap((hold) => hold.quota_ids));
      tx.outbox.add(...ended.map((hold) => holdEnded({ id: hold.id, host: hold.host_id, holder: hold.holder_id }, 'expired', tx.now)));
    },
  };
}

const toHold = (row: HoldRow): Hold => ({
  id: row.id, opening: row.opening, host: row.host_id, holder: row.holder_id, holderSubject: row.holder_subject, agreement: row.agreement_id, quotas: row.quota_ids,
  visitType: row.visit_type_id, provider: row.provider_id, site: row.site_id, start: instantOfDate(row.starts_at), end: instantOfDate(row.ends_at),
  placedAt: instantOfDate(row.placed_at), expiresAt: instantOfDate(row.expires_at), state: row.state, care: row.care, overbook: row.overbook,
});
