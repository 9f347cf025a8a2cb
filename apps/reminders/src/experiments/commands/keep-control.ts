import { Injectable } from '@nestjs/common';
import type { PracticeId } from '@slotmesh/kernel';
import type { Tx } from '@slotmesh/persistence';
import type { PlanStep } from '../../plans/domain/plan';
import { PlanRepository, type PlanVersion } from '../../plans/persistence/plan.repository';
import { ArmIsLess, ControlNotInForce } from '../domain/experiment.errors';
import { whatIsLess } from '../domain/never-less';

/** The control is always the plan in force, and never more than another arm. */
@Injectable()
export class KeepControl {
  constructor(private readonly plans: PlanRepository) {}

  /** The version of the control that is in force. Throws ControlNotInForce, ArmIsLess. */
  async allow(tx: Tx, practice: PracticeId, plan: string, arms: readonly { readonly key: string; readonly steps: readonly PlanStep[] }[]): Promise<PlanVersion> {
    const control = await this.inForce(tx, practice, plan);
    if (!control) throw new ControlNotInForce();
    const { steps } = await this.plans.byId(tx, control.id);
    for (const arm of arms) {
      const less = whatIsLess(steps, arm.steps);
      if (less.length > 0) throw new ArmIsLess(arm.key, less);
    }
    return control;
  }

  async inForce(tx: Tx, practice: PracticeId, plan: string): Promise<PlanVersion | null> {
    return (await this.plans.current(tx, practice)).find((version) => version.plan === plan) ?? null;
  }
}
