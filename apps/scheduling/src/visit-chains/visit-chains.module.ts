import { type DynamicModule, Module } from '@nestjs/common';
import { OpeningsModule } from '../openings/openings.module';
import { BookChain } from './commands/book-chain';
import { CancelChain } from './commands/cancel-chain';
import { MoveChain } from './commands/move-chain';
import { FindChains } from './queries/find-chains';
import { StepAlternatives } from './step-alternatives';
import { VisitChainsController } from './visit-chains.controller';

@Module({})
export class VisitChainsModule {
  /** `appointments` books and cancels the visits, and gives VisitChainRepository. */
  static with(appointments: DynamicModule): DynamicModule {
    return { module: VisitChainsModule, imports: [OpeningsModule, appointments], controllers: [VisitChainsController], providers: [FindChains, StepAlternatives, BookChain, CancelChain, MoveChain] };
  }
}
