import { Injectable } from '@nestjs/common';
import { formatInstant } from '@slotmesh/kernel';
import { type Actor, type Tx, UnitOfWork } from '@slotmesh/persistence';
import { ranked } from '../domain/advice';
import { MeasuredRepository } from '../persistence/measured.repository';
import { type Recommendation, RecommendationRepository, type RecommendationState } from '../persistence/recommendation.repository';

/** Advice in order, and of what people took, what really happened. */
@Injectable()
export class ReadRecommendations {
  constructor(private readonly work: UnitOfWork, private readonly recommendations: RecommendationRepository, private readonly measured: MeasuredRepository) {}

  execute(actor: Actor, state: RecommendationState) {
    return this.work.run(actor, async (tx) => {
      const items = [];
      for (const { advice, ...one } of await this.recommendations.list(tx, state)) items.push({ ...shown(one), ...advice, afterwards: await this.afterwards(tx, { ...one, advice }) });
      return { asOf: formatInstant(tx.now), items: ranked(items), nextCursor: null };
    });
  }

  private async afterwards(tx: Tx, { state, decidedAt, advice: { measure, service, expected } }: Pick<Recommendation, 'state' | 'decidedAt' | 'advice'>) {
    if (state !== 'taken' || decidedAt === null || measure === null) return null;
    const { until, ...measured } = await this.measured.around(tx, measure, service, decidedAt);
    return { ...measured, until: formatInstant(until), expected: expected?.value ?? null };
  }
}

const shown = ({ id, state, madeAt, lookedAt, decidedAt, decidedBy, decidedWhy }: Omit<Recommendation, 'advice'>) => ({
  id, state, madeAt: formatInstant(madeAt), lookedAt: formatInstant(lookedAt), decided: decidedAt === null ? null : { at: formatInstant(decidedAt), by: decidedBy, why: decidedWhy },
});
