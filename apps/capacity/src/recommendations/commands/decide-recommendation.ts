import { Injectable } from '@nestjs/common';
import { type Actor, UnitOfWork } from '@slotmesh/persistence';
import { RecommendationDecided, RecommendationUnknown } from '../domain/recommendation.errors';
import { RecommendationRepository } from '../persistence/recommendation.repository';

/** A person takes or dismisses what is advised, and says why. It changes nothing else: what is advised is done where it is done. */
@Injectable()
export class DecideRecommendation {
  constructor(private readonly work: UnitOfWork, private readonly recommendations: RecommendationRepository) {}

  /** Throws RecommendationUnknown, RecommendationDecided. */
  async execute(actor: Actor, id: string, decision: 'taken' | 'dismissed', why: string): Promise<void> {
    await this.work.run(actor, async (tx) => {
      const found = await this.recommendations.lock(tx, id);
      if (!found) throw new RecommendationUnknown();
      if (found.state !== 'open') throw new RecommendationDecided(found.state);
      await this.recommendations.decide(tx, found, decision, actor.subject, why);
      tx.audit.record({ action: `recommendation.${decision}`, entity: 'recommendation', entityId: id, details: { kind: found.advice.kind } });
    });
  }
}
