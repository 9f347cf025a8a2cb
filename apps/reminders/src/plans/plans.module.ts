import { Module } from '@nestjs/common';
import { PlanRepository } from './persistence/plan.repository';
import { PlansController } from './plans.controller';
import { ListPlans } from './queries/list-plans';
import { PreviewPlan } from './queries/preview-plan';

@Module({ controllers: [PlansController], providers: [PlanRepository, ListPlans, PreviewPlan], exports: [PlanRepository] })
export class PlansModule {}
