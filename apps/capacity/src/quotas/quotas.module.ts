import { Module } from '@nestjs/common';
import { ForecastsModule } from '../forecasts/forecasts.module';
import { MakeQuotaPlan } from './commands/make-quota-plan';
import { TakeQuotaInputs } from './commands/take-quota-inputs';
import { KnownLendersRepository } from './persistence/known-lenders.repository';
import { QuotaPlanRepository } from './persistence/quota-plan.repository';
import { ListQuotaPlans } from './queries/list-quota-plans';
import { ReadQuotaPlan } from './queries/read-quota-plan';
import { QuotasController } from './quotas.controller';

@Module({ imports: [ForecastsModule], controllers: [QuotasController], providers: [QuotaPlanRepository, KnownLendersRepository, TakeQuotaInputs, MakeQuotaPlan, ReadQuotaPlan, ListQuotaPlans], exports: [MakeQuotaPlan, TakeQuotaInputs, QuotaPlanRepository] })
export class QuotasModule {}
