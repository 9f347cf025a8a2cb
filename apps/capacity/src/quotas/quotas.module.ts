import { Module } from '@nestjs/common';
import { MakeQuotaPlan } from './commands/make-quota-plan';
import { QuotaPlanRepository } from './persistence/quota-plan.repository';
import { ReadQuotaPlan } from './queries/read-quota-plan';
import { QuotasController } from './quotas.controller';

@Module({ controllers: [QuotasController], providers: [QuotaPlanRepository, MakeQuotaPlan, ReadQuotaPlan] })
export class QuotasModule {}
