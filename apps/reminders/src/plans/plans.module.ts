import { Module } from '@nestjs/common';
import { ChangePlan } from './commands/change-plan';
import { EditPlans } from './commands/edit-plans';
import { MakePlan } from './commands/make-plan';
import { RetirePlan } from './commands/retire-plan';
import { PlanRepository } from './persistence/plan.repository';
import { PlansController } from './plans.controller';
import { ListPlans } from './queries/list-plans';
import { PreviewPlan } from './queries/preview-plan';
import { ShowPlan } from './queries/show-plan';
import { VisitTypeConsumer } from './visit-type.consumer';

@Module({ controllers: [PlansController, VisitTypeConsumer], providers: [PlanRepository, ListPlans, ShowPlan, PreviewPlan, EditPlans, MakePlan, ChangePlan, RetirePlan], exports: [PlanRepository] })
export class PlansModule {}
