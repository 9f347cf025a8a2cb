import { Injectable } from '@nestjs/common';
import type { PracticeId } from '@slotmesh/kernel';
import type { Tx } from '@slotmesh/persistence';
import { type ReminderPlan, planSteps } from '../domain/plan';

interface PlanRow {
  readonly id: string;
  readonly practice: string | null;
  readonly version: number;
  readonly steps: unknown;
}
export interface PlanOfPractice extends ReminderPlan {
  /** Null: the network's plan. */
  readonly practice: string | null;
}

@Injectable()
export class PlanRepository {
  private readonly known = new Map<string, ReminderPlan>();

  /** The newest version of the practice's own plan, else of the network's. */
  async inForce(tx: Tx, practice: PracticeId): Promise<ReminderPlan> {
    const [row] = await tx.query<PlanRow>('SELECT id, practice, version, steps FROM reminder_plan WHERE practice = $1 OR practice IS NULL ORDER BY practice NULLS LAST, version DESC LIMIT 1', [practice]);
    if (!row) throw new Error('the network has no reminder plan: the first migration has not run');
    return this.read(row);
  }

  /** Versions never change, so each is read once. */
  async byId(tx: Tx, id: string): Promise<ReminderPlan> {
    const known = this.known.get(id);
    if (known) return known;
    const [row] = await tx.query<PlanRow>('SELECT id, practice, version, steps FROM reminder_plan WHERE id = $1', [id]);
    if (!row) throw new Error(`no reminder plan ${id}`);
    return this.read(row);
  }

  async list(tx: Tx): Promise<PlanOfPractice[]> {
    const rows = await tx.query<PlanRow>('SELECT id, practice, version, steps FROM reminder_plan ORDER BY practice NULLS LAST, version DESC');
    return rows.map((row) => ({ ...this.read(row), practice: row.practice }));
  }

  private read(row: PlanRow): ReminderPlan {
    let plan = this.known.get(row.id);
    if (!plan) this.known.set(row.id, (plan = { id: row.id, version: row.version, steps: planSteps.parse(row.steps) }));
    return plan;
  }
}
