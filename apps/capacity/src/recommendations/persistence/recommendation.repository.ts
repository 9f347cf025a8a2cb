import { Injectable } from '@nestjs/common';
import { type Instant, type PracticeId, type Zone, formatInstant, instantOfDate, newId } from '@slotmesh/kernel';
import { RecommendationDecided, RecommendationMade, RecommendationMeasured, RecommendationWithdrawn, practiceId, recommendationId, zone } from '@slotmesh/contracts';
import { type Sql, type Tx, eventOf } from '@slotmesh/persistence';
import { z } from 'zod';
import { type Advice, type AdviceKind, advice, adviceKind, orderOf } from '../domain/advice';

export const recommendationState = z.enum(['open', 'taken', 'dismissed', 'over']);
export type RecommendationState = z.output<typeof recommendationState>;
const row = z.object({ id: recommendationId, practice: practiceId, state: recommendationState, version: z.int(), made_at: z.date(), looked_at: z.date(), advice, decided_at: z.date().nullable(), decided_by: z.string().nullable(), decided_why: z.string().nullable() })
  .transform(({ made_at, looked_at, decided_at, decided_by, decided_why, ...rest }) => ({ ...rest, madeAt: instantOfDate(made_at), lookedAt: instantOfDate(looked_at), decidedAt: decided_at === null ? null : instantOfDate(decided_at), decidedBy: decided_by, decidedWhy: decided_why }));
export type Recommendation = z.output<typeof row>;
const COLUMNS = 'id, practice, state, version, made_at, looked_at, advice, decided_at, decided_by, decided_why';
const ended = z.object({ id: recommendationId, kind: z.string(), service: z.string().nullable() });
const written = z.object({ id: recommendationId, made: z.boolean() });
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

  /** What is open of the kinds that were looked for becomes what was found: new advice is added, known advice has today's numbers, what no longer holds is over. */
  async renew(tx: Tx, practice: PracticeId, kinds: readonly AdviceKind[], found: readonly Advice[]): Promise<void> {
    const now = formatInstant(tx.now);
    for (const one of found) {
      const [row] = await tx.query(
        `INSERT INTO recommendation (id, practice, kind, service, state, made_at, looked_at, advice)
         SELECT $1, $2, $3, $4, 'open', $5, $5, $6::jsonb WHERE NOT EXISTS (SELECT FROM recommendation d WHERE d.practice = $2 AND d.kind = $3 AND d.service IS NOT DISTINCT FROM $4 AND d.state IN ('taken', 'dismissed') AND d.decided_at > $5::timestamptz - interval '28 days')
         ON CONFLICT (practice, kind, service) WHERE state = 'open' DO UPDATE SET advice = excluded.advice, looked_at = excluded.looked_at RETURNING id, xmax = 0 AS made`,
        [newId(), practice, one.kind, one.service, now, JSON.stringify(one)]);
      const { id, made } = row === undefined ? { id: null, made: false } : written.parse(row);
      if (id !== null && made) tx.outbox.add(eventOf(RecommendationMade, { key: id, host: practice }, { id, practice, plan: null, ...withoutEffect(one) }));
    }
    const over = await tx.query(`UPDATE recommendation SET state = 'over', looked_at = $2, version = version + 1 WHERE practice = $1 AND state = 'open' AND looked_at < $2 AND kind = ANY ($3) RETURNING id, kind, service`, [practice, now, [...kinds]]);
    for (const one of over.map((row) => ended.parse(row))) tx.outbox.add(eventOf(RecommendationWithdrawn, { key: one.id, host: practice }, { ...one, practice, at: now }));
  }

  /** What was taken so long ago that what really happened can be told, and has not been. */
  async toMeasure(tx: Tx, practice: PracticeId, decidedBefore: Instant): Promise<Recommendation[]> {
    return (await tx.query(`SELECT ${COLUMNS} FROM recommendation WHERE practice = $1 AND state = 'taken' AND measured_at IS NULL AND decided_at <= $2 AND advice->>'measure' IS NOT NULL ORDER BY decided_at LIMIT 50 FOR UPDATE`, [practice, formatInstant(decidedBefore)])).map((one) => row.parse(one));
  }

  /** Tells it once. */
  async measured(tx: Tx, { id, practice, advice: { kind, service, expected } }: Recommendation, told: { readonly measure: string; readonly decidedAt: Instant; readonly until: Instant; readonly before: number | null; readonly after: number | null }): Promise<void> {
    await tx.execute('UPDATE recommendation SET measured_at = $2 WHERE id = $1', [id, formatInstant(tx.now)]);
    const { measure, before, after } = told;
    tx.outbox.add(eventOf(RecommendationMeasured, { key: id, host: practice }, { id, practice, kind, service, measure, before, after, expected, decidedAt: formatInstant(told.decidedAt), until: formatInstant(told.until) }));
  }

  /** Fifty: of what is open those that come first, of what is not the newest. */
  async list(tx: Tx, state: RecommendationState): Promise<Recommendation[]> {
    const { options } = adviceKind;
    return (await tx.query(
      `SELECT ${COLUMNS} FROM recommendation LEFT JOIN unnest($2::text[], $3::int[]) AS o(of_kind, place) ON state = 'open' AND of_kind = kind
       WHERE state = $1 ORDER BY o.place, CASE WHEN state = 'open' THEN (advice->>'patients')::float8 END DESC NULLS LAST, made_at DESC, id LIMIT 50`, [state, options, options.map(orderOf)])).map((one) => row.parse(one));
  }

  async lock(tx: Tx, id: string): Promise<Recommendation | null> {
    const [found] = await tx.query(`SELECT ${COLUMNS} FROM recommendation WHERE id = $1 FOR UPDATE`, [id]);
    return found ? row.parse(found) : null;
  }

  async decide(tx: Tx, { id, practice, advice: { kind, service } }: Recommendation, state: 'taken' | 'dismissed', by: string, why: string): Promise<void> {
    await tx.execute('UPDATE recommendation SET state = $2, version = version + 1, decided_at = $3, decided_by = $4, decided_why = $5 WHERE id = $1', [id, state, formatInstant(tx.now), by, why]);
    tx.outbox.add(eventOf(RecommendationDecided, { key: id, host: practice }, { id, practice, kind, service, decision: state, at: formatInstant(tx.now) }));
  }
}

/** The event has what the contract names, and no more. */
const withoutEffect = ({ effect: _, ...rest }: Advice): Omit<Advice, 'effect'> => rest;
