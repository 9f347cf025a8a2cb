import { Module } from '@nestjs/common';
import { MeasuresModule } from '../measures/measures.module';
import { QuotasModule } from '../quotas/quotas.module';
import { WhatIfModule } from '../what-if/what-if.module';
import { DecideRecommendation } from './commands/decide-recommendation';
import { LookAtPartnerships } from './commands/look-at-partnerships';
import { LookForAdvice } from './commands/look-for-advice';
import { LookAtPartnershipsWorker } from './look-at-partnerships.worker';
import { LookForAdviceWorker } from './look-for-advice.worker';
import { FactsRepository } from './persistence/facts.repository';
import { MeasuredRepository } from './persistence/measured.repository';
import { PartnershipTurnRepository } from './persistence/partnership-turn.repository';
import { RecommendationRepository } from './persistence/recommendation.repository';
import { ReadRecommendations } from './queries/read-recommendations';
import { RecallConsumer } from './recall.consumer';
import { RecommendationsController } from './recommendations.controller';

@Module({
  imports: [MeasuresModule, QuotasModule, WhatIfModule], controllers: [RecommendationsController, RecallConsumer],
  providers: [FactsRepository, RecommendationRepository, MeasuredRepository, PartnershipTurnRepository, LookForAdvice, LookForAdviceWorker, LookAtPartnerships, LookAtPartnershipsWorker, DecideRecommendation, ReadRecommendations],
})
export class RecommendationsModule {}
