import { Injectable } from '@nestjs/common';
import { partnershipId, zone } from '@slotmesh/contracts';
import { type Instant, type PartnershipId, type Zone, formatInstant, instantOfDate } from '@slotmesh/kernel';
import type { Sql, Tx } from '@slotmesh/persistence';
import { z } from 'zod';

const turn = z.object({ partnership: partnershipId, zone });
const PARTNERSHIPS = `(SELECT partnership, (array_agg(zone ORDER BY id))[1] AS zone FROM practice WHERE partnership IS NOT NULL GROUP BY partnership HAVING count(*) > 1 AND bool_or(staffed)) p`;

@Injectable()
export class PartnershipTurnRepository {
  /** Partnerships of two practices and more whose week has come, or that have never been looked at, with the zone of the first of their practices; the earliest first. */
  async due(sql: Sql, now: Instant, most: number): Promise<{ readonly partnership: PartnershipId; readonly zone: Zone }[]> {
    return (await sql.query(`SELECT p.partnership, p.zone FROM ${PARTNERSHIPS} LEFT JOIN partnership_turn t USING (partnership) WHERE t.next_at IS NULL OR t.next_at <= $1 ORDER BY t.next_at NULLS FIRST, p.partnership LIMIT $2`, [formatInstant(now), most])).map((row) => turn.parse(row));
  }

  async nextDue(sql: Sql): Promise<Instant | null> {
    const [found] = await sql.query<{ next_at: Date | null }>(`SELECT min(t.next_at) AS next_at FROM ${PARTNERSHIPS} JOIN partnership_turn t USING (partnership)`);
    return found?.next_at ? instantOfDate(found.next_at) : null;
  }

  /** False: somebody else had it. Taken before the work, so that what cannot be done is tried again in the next week and keeps nobody waiting. */
  async take(tx: Tx, partnership: PartnershipId, next: Instant): Promise<boolean> {
    return (await tx.execute('INSERT INTO partnership_turn AS t (partnership, next_at) VALUES ($1, $2) ON CONFLICT (partnership) DO UPDATE SET next_at = excluded.next_at WHERE t.next_at <= $3', [partnership, formatInstant(next), formatInstant(tx.now)])) === 1;
  }
}
