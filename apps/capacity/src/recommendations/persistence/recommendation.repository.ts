import { Injectable } from '@nestjs/common';
import { type Instant, type PracticeId, type Zone, formatInstant, instantOfDate, newId } from '@slotmesh/kernel';
import { practiceId, zone } from '@slotmesh/contracts';
import type { Sql, Tx } from '@slotmesh/persistence';
import { z } from 'zod';
import { type Advice, advice } from '../domain/advice';

export const recommendationState = z.enum(['open', 'taken', 'dismissed', 'over']);
export type RecommendationState = z.output<typeof recommendationState>;
const row = z.object({ id: z.uuid(), state: recommendationState, version: z.int(), made_at: z.date(), looked_at: z.date(), advice, decided_at: z.date().nullable(), decided_by: z.string().nullable(), decided_why: z.string().nullable() })
  .transform(({ made_at, looked_at, decided_at, decided_by, decided_why, ...rest }) => ({ ...rest, madeAt: instantOfDate(made_at), lookedAt: instantOfDate(looked_at), decidedAt: decided_at === null ? null : instantOfDate(decided_at), decidedBy: decided_by, decidedWhy: decided_why }));
export type Recommendation = z.output<typeof row>;
const COLUMNS = 'id, state, version, made_at, looked_at, advice, decided_at, decided_by, decided_why';
const turn = z.object({ id: practiceId, zone, next_at: z.date().nullable() });

@Injectable()
export class RecommendationRepository {
  /** Practices whose next look has come, or that have never been looked at; the earliest first. */
  async due(sql: Sql, now: Instant, most: number): Promise<{ readonly practice: PracticeId; readonly zone: Zone }[]> {
    const rows = await sql.query('SELECT p.id, p.zone, t.next_at FROM practice p LEFT JOIN recommendation_turn t ON t.practice = p.id WHERE p.staffed AND (t.next_at IS NULL OR t.next_at <= $1) ORDER BY t.next_at NULLS FIRST, p.id LIMIT $2', [formatInstant(now), most]);
    return rows.map((one) => turn.parse(one)).map(({ id, zone: place }) => ({ practice: id, zone: place }));
  }

  async nextDue(sql: Sql): Promise<Instant | null> {
    const [found] = await sql.query<{ next_at: Date | null }>('SELECT min(t.next_at) AS next_at FROM recommendation_turn t JOIN practice p ON p.id = t.practice AND p.staffed');
    return found?.next_at ? instantOfDate(found.next_at) : null;
  }

  /** Whose turn it is: locks the row, so that two processes do not look at one practice. False: somebody else had it. */
  async takeTurn(tx: Tx, practice: PracticeId, next: Instant): Promise<boolean> {
    return (await tx.execute(
      `INSERT INTO recommendation_turn AS t (practice, next_at) VALUES ($1, $2) ON CONFLICT (practice) DO UPDATE SET next_at = excluded.next_at WHERE t.next_at <= $3`, [practice, formatInstant(next), formatInstant(tx.now)])) === 1;
  }

  /** What is open becomes what the look found: new advice is added, known advice has today's numbers, what no longer holds is over. */
  async renew(tx: Tx, practice: PracticeId, found: readonly Advice[]): Promise<void> {
    const now = formatInstant(tx.now);
    for (const one of found) {
      await tx.execute(
        `INSERT INTO recommendation (id, practice, kind, service, state, made_at, looked_at, advice)
         SELECT $1, $2, $3, $4, 'open', $5, $5, $6::jsonb WHERE NOT EXISTS (SELECT FROM recommendation d WHERE d.practice = $2 AND d.kind = $3 AND d.service IS NOT DISTINCT FROM $4 AND d.state IN ('taken', 'dismissed') AND d.decided_at > $5::timestamptz - interval '28 days')
         ON CONFLICT (practice, kind, service) WHERE state = 'open' DO UPDATE SET advice = excluded.advice, looked_at = excluded.looked_at`,
        [newId(), practice, one.kind, one.service, now, JSON.stringify(one)]);
    }
    await tx.execute(`UPDATE recommendation SET state = 'over', looked_at = $2, version = version + 1 WHERE practice = $1 AND state = 'open' AND looked_at < $2`, [practice, now]);
  }

  async list(tx: Tx, states: readonly RecommendationState[]): Promise<Recommendation[]> {
    return (await tx.query(`SELECT ${COLUMNS} FROM recommendation WHERE state = ANY ($1) ORDER BY made_at DESC LIMIT 50`, [[...states]])).map((one) => row.parse(one));
  }

  async lock(tx: Tx, id: string): Promise<Recommendation | null> {
    const [found] = await tx.query(`SELECT ${COLUMNS} FROM recommendation WHERE id = $1 FOR UPDATE`, [id]);
    return found ? row.parse(found) : null;
  }

  async decide(tx: Tx, id: string, state: 'taken' | 'dismissed', by: string, why: string): Promise<void> {
    await tx.execute('UPDATE recommendation SET state = $2, version = version + 1, decided_at = $3, decided_by = $4, decided_why = $5 WHERE id = $1', [id, state, formatInstant(tx.now), by, why]);
  }
}
