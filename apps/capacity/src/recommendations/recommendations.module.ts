import { Module } from '@nestjs/common';
import { DecideRecommendation } from './commands/decide-recommendation';
import { LookForAdvice } from './commands/look-for-advice';
import { LookForAdviceWorker } from './look-for-advice.worker';
import { FactsRepository } from './persistence/facts.repository';
import { RecommendationRepository } from './persistence/recommendation.repository';
import { ReadRecommendations } from './queries/read-recommendations';
import { RecallConsumer } from './recall.consumer';
import { RecommendationsController } from './recommendations.controller';

@Module({ controllers: [RecommendationsController, RecallConsumer], providers: [FactsRepository, RecommendationRepository, LookForAdvice, LookForAdviceWorker, DecideRecommendation, ReadRecommendations] })
export class RecommendationsModule {}
