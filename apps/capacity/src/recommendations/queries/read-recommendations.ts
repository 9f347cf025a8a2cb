import { Injectable } from '@nestjs/common';
import { DAY, type Instant, formatInstant, plusMs } from '@slotmesh/kernel';
import { type Actor, TENANT, type Tx, UnitOfWork } from '@slotmesh/persistence';
import { measureCalled, measureId, valueOf } from '../../measures/domain/catalogue';
import { ranked } from '../domain/advice';
import { type Recommendation, RecommendationRepository, type RecommendationState } from '../persistence/recommendation.repository';

/** So long before a decision, and so long after it, a measure is looked at. */
const LOOK_DAYS = 28;
const dateOf = (parameter: string): string => `(${parameter}::timestamptz AT TIME ZONE coalesce((SELECT zone FROM practice WHERE id = ${TENANT}), 'UTC'))::date`;

/** Advice in order, and of what people took, what really happened. */
@Injectable()
export class ReadRecommendations {
  constructor(private readonly work: UnitOfWork, private readonly recommendations: RecommendationRepository) {}

  execute(actor: Actor, states: readonly RecommendationState[]) {
    return this.work.run(actor, async (tx) => {
      const items = [];
      for (const { advice, ...one } of await this.recommendations.list(tx, states)) items.push({ ...shown(one), ...advice, afterwards: await this.afterwards(tx, { ...one, advice }) });
      return { asOf: formatInstant(tx.now), items: ranked(items), nextCursor: null };
    });
  }

  /** The measure in the four weeks before the decision and in the four after it. That one followed the other does not say that it was its work. */
  private async afterwards(tx: Tx, { state, decidedAt, advice: { measure, service, expected } }: Pick<Recommendation, 'state' | 'decidedAt' | 'advice'>) {
    if (state !== 'taken' || decidedAt === null || measure === null) return null;
    const until = plusMs(decidedAt, LOOK_DAYS * DAY);
    const before = await this.value(tx, measure, service, plusMs(decidedAt, -LOOK_DAYS * DAY), decidedAt);
    const after = await this.value(tx, measure, service, decidedAt, until < tx.now ? until : tx.now);
    return { before, after, isOver: until <= tx.now, until: formatInstant(until), expected: expected?.value ?? null };
  }

  private async value(tx: Tx, measure: string, service: string | null, from: Instant, to: Instant): Promise<number | null> {
    const { definition, kind, dimensions, ofSupply } = measureCalled(measureId.parse(measure));
    const byService = service !== null && dimensions.includes('service');
    const [row] = await tx.query<{ numerator: string | null; denominator: string | null }>(
      `SELECT sum(numerator) AS numerator, sum(denominator) AS denominator FROM measure_cell
       WHERE measure = $1 AND practice = ${TENANT} AND day >= ${dateOf('$2')} AND day < ${dateOf('$3')} AND (grain IS NULL OR grain = $4) AND ($5::text IS NULL OR service = $5)`,
      [definition.id, formatInstant(from), formatInstant(to), ofSupply ? (byService ? 'service' : 'total') : null, byService ? service : null]);
    return row?.numerator == null ? null : valueOf(kind, Number(row.numerator), row.denominator === null ? null : Number(row.denominator));
  }
}

const shown = ({ id, state, madeAt, lookedAt, decidedAt, decidedBy, decidedWhy }: Omit<Recommendation, 'advice'>) => ({
  id, state, madeAt: formatInstant(madeAt), lookedAt: formatInstant(lookedAt), decided: decidedAt === null ? null : { at: formatInstant(decidedAt), by: decidedBy, why: decidedWhy },
});
