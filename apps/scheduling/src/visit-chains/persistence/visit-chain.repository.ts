import { Injectable } from '@nestjs/common';
import { type AppointmentId, type Instant, type PracticeId, type TimeRange, type VisitChainId, type Zone, instantOfDate, toDate } from '@slotmesh/kernel';
import type { Sql, Tx } from '@slotmesh/persistence';
import type { Gap } from '../domain/gap';
import { storedGaps } from '../gap.schema';

/** What holds linked visits together. The visits are appointments; each knows its step. */
export interface VisitChain {
  readonly id: VisitChainId;
  readonly booking: PracticeId;
  /** Of each step after the first, from the end of the one before. */
  readonly gaps: readonly Gap[];
  readonly bookedAt: Instant;
  readonly bookedBy: string;
}
export interface StepTime extends TimeRange {
  readonly step: number;
  readonly zone: Zone;
}
interface ChainRow { id: VisitChainId; booking_id: PracticeId; gaps: unknown; booked_at: Date; booked_by: string }

@Injectable()
export class VisitChainRepository {
  async insert(tx: Tx, chain: VisitChain): Promise<void> {
    await tx.execute(`INSERT INTO visit_chain (id, booking_id, gaps, booked_at, booked_by) VALUES ($1, $2, $3, $4, $5)`, [chain.id, chain.booking, JSON.stringify(chain.gaps), toDate(chain.bookedAt), chain.bookedBy]);
  }

  async find(sql: Sql, id: VisitChainId): Promise<VisitChain | null> {
    const [row] = await sql.query<ChainRow>(`SELECT * FROM visit_chain WHERE id = $1`, [id]);
    return row ? { id: row.id, booking: row.booking_id, gaps: storedGaps.parse(row.gaps), bookedAt: instantOfDate(row.booked_at), bookedBy: row.booked_by } : null;
  }

  /** When the other visits are that still stand. `lock`: behind appointments and before referrals (P1), so that two that move at once wait for each other. */
  async otherTimes(sql: Sql, id: VisitChainId, except: AppointmentId, lock: boolean): Promise<StepTime[]> {
    const rows = await sql.query<{ step: number; starts_at: Date; ends_at: Date; zone: Zone }>(`SELECT * FROM chain_times($1, $2, $3)`, [id, except, lock]);
    return rows.map((row) => ({ step: row.step, start: instantOfDate(row.starts_at), end: instantOfDate(row.ends_at), zone: row.zone }));
  }
}
