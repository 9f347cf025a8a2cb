import { Module } from '@nestjs/common';
import { AgreementsModule } from '../agreements/agreements.module';
import { AgreedMoney } from './agreed-money';
import { CorrectSharedCost } from './commands/correct-shared-cost';
import { JudgeStatement } from './commands/judge-statement';
import { MakeStatement } from './commands/make-statement';
import { RecordSharedCost } from './commands/record-shared-cost';
import { WithdrawStatement } from './commands/withdraw-statement';
import { CostKeeping } from './cost-keeping';
import { SharedCostRepository } from './persistence/shared-cost.repository';
import { StatementRepository } from './persistence/statement.repository';
import { VerifyStatement } from './queries/verify-statement';
import { SharedCostsController } from './shared-costs.controller';
import { StatementsController } from './statements.controller';

/** Shared costs and their statements. It knows agreements and nothing of what patients do (P19). */
@Module({
  imports: [AgreementsModule],
  controllers: [SharedCostsController, StatementsController],
  providers: [SharedCostRepository, StatementRepository, AgreedMoney, CostKeeping, RecordSharedCost, CorrectSharedCost, MakeStatement, JudgeStatement, WithdrawStatement, VerifyStatement],
})
export class StatementsModule {}
