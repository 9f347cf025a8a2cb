import { Controller } from '@nestjs/common';
import { VisitTypeDefined } from '@slotmesh/contracts';
import { OnEvent, type Received } from '@slotmesh/messaging';
import type { Tx } from '@slotmesh/persistence';
import { PlanRepository } from './persistence/plan.repository';

/** Which visit types a plan may be for. */
@Controller()
export class VisitTypeConsumer {
  constructor(private readonly plans: PlanRepository) {}

  @OnEvent(VisitTypeDefined)
  async handle({ data }: Received<typeof VisitTypeDefined>, tx: Tx): Promise<void> {
    await this.plans.defineVisitType(tx, data.id, data.practice);
  }
}
