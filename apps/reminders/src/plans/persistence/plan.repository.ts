import { Injectable } from '@nestjs/common';
import { practiceId } from '@slotmesh/contracts';
import { type Instant, type PracticeId, formatInstant, instantOfDate } from '@slotmesh/kernel';
import type { Tx } from '@slotmesh/persistence';
import { z } from 'zod';
import { type VisitToPlan, choosePlan } from '../domain/choose-plan';
import { type PlanForVisits, type PlanSelector, type PlanStep, type ReminderPlan, planSelector, storedSteps } from '../domain/plan';

const stepsRow = z.object({ id: z.string(), version: z.number(), steps: storedSteps });
const selectorRow = z.object({ visit_type: z.string().nullable(), language: z.string().nullable(), lead_days_min: z.number().nullable(), lead_days_max: z.number().nullable() })
  .transform((row): PlanSelector => planSelector.parse({ visitType: row.visit_type, language: row.language, leadDaysMin: row.lead_days_min, leadDaysMax: row.lead_days_max }));
const choiceRow = z.object({ id: z.string(), plan: z.string(), practice: practiceId.nullable(), version: z.number(), name: z.string(), made_by: z.string(), created_at: z.date().transform(instantOfDate), retired: z.boolean() })
  .transform(({ made_by, created_at, ...rest }) => ({ ...rest, madeBy: made_by, madeAt: created_at }));

/** One version, without its steps. */
export type PlanVersion = PlanForVisits & z.output<typeof choiceRow>;
export interface NewVersion {
  readonly id: string;
  readonly plan: string;
  readonly practice: PracticeId;
  readonly version: number;
  readonly name: string;
  readonly selector: PlanSelector;
  readonly steps: readonly PlanStep[];
  readonly retired: boolean;
  readonly by: string;
  /** Of an arm: the experiment that it belongs to. It is no plan that is chosen by itself or that people edit. */
  readonly experiment?: string;
}

const COLUMNS = 'id, plan, practice, version, name, visit_type, language, lead_days_min, lead_days_max, made_by, created_at, retired';

@Injectable()
export class PlanRepository {
  private readonly known = new Map<string, ReminderPlan>();

  /** The newest version of the plan that is for this visit: the one in force. Its steps are read by id. */
  async chosen(tx: Tx, visit: VisitToPlan): Promise<PlanVersion> {
    const chosen = choosePlan(await this.current(tx, visit.host), visit);
    if (!chosen) throw new Error('the network has no reminder plan: the first migration has not run');
    return chosen;
  }

  /** One version. Versions never change, so each is read once. */
  async byId(tx: Tx, id: string): Promise<ReminderPlan> {
    const known = this.known.get(id);
    if (known) return known;
    const [row] = await tx.query('SELECT id, version, steps FROM reminder_plan WHERE id = $1', [id]);
    if (!row) throw new Error(`no reminder plan ${id}`);
    const plan = stepsRow.parse(row);
    this.known.set(id, plan);
    return plan;
  }

  /** The newest version of each plan of the practice and of the network, but for the retired. */
  async current(tx: Tx, practice: PracticeId): Promise<PlanVersion[]> {
    const rows = await tx.query(`SELECT ${COLUMNS} FROM (SELECT DISTINCT ON (plan) ${COLUMNS} FROM reminder_plan WHERE (practice = $1 OR practice IS NULL) AND experiment_id IS NULL ORDER BY plan, version DESC) newest WHERE NOT retired ORDER BY practice NULLS LAST, plan`, [practice]);
    return rows.map(versionOf);
  }

  /** All versions of one plan, newest first. */
  async versions(tx: Tx, plan: string): Promise<PlanVersion[]> {
    return (await tx.query(`SELECT ${COLUMNS} FROM reminder_plan WHERE plan = $1 AND experiment_id IS NULL ORDER BY version DESC`, [plan])).map(versionOf);
  }

  /** Whoever changes the plans of a practice holds them until the end of the transaction: two of them could give one selector to two plans. */
  async lockPlansOf(tx: Tx, practice: PracticeId): Promise<void> {
    await tx.execute(`SELECT pg_advisory_xact_lock(hashtextextended('reminder-plans/' || $1, 0))`, [practice]);
  }

  async add(tx: Tx, plan: NewVersion, at: Instant): Promise<void> {
    const { visitType, language, leadDaysMin, leadDaysMax } = plan.selector;
    await tx.execute(
      `INSERT INTO reminder_plan (id, plan, practice, version, name, visit_type, language, lead_days_min, lead_days_max, steps, retired, made_by, created_at, experiment_id) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)`,
      [plan.id, plan.plan, plan.practice, plan.version, plan.name, visitType, language, leadDaysMin, leadDaysMax, JSON.stringify(plan.steps), plan.retired, plan.by, formatInstant(at), plan.experiment ?? null],
    );
  }

  /** Whether the practice has such a visit type. */
  async knowsVisitType(tx: Tx, practice: PracticeId, id: string): Promise<boolean> {
    return (await tx.query('SELECT FROM visit_type WHERE id = $1 AND practice = $2', [id, practice])).length > 0;
  }

  async defineVisitType(tx: Tx, id: string, practice: PracticeId): Promise<void> {
    await tx.execute('INSERT INTO visit_type (id, practice) VALUES ($1, $2) ON CONFLICT (id) DO NOTHING', [id, practice]);
  }
}

const versionOf = (row: object): PlanVersion => ({ ...choiceRow.parse(row), selector: selectorRow.parse(row) });
