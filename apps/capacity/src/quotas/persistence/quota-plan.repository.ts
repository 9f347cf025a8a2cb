import { Injectable } from '@nestjs/common';
import { type Instant, type PartnershipId, type PracticeId, formatInstant } from '@slotmesh/kernel';
import type { Tx } from '@slotmesh/persistence';
import { practiceId, serviceCode } from '@slotmesh/contracts';
import { z } from 'zod';
import type { QuotaInputs } from '../domain/quota-inputs';
import type { QuotaSolution } from '../domain/quota-solution';
import type { Scenario } from '../domain/scenario';
import { keptInputs } from '../quota-inputs.schema';
import { type QuotaQuestion, quotaQuestion } from '../quota-question.schema';

const unmetDemand = z.object({ worstUnmetShare: z.number(), unmet: z.number() });
const solution = z.object({
  version: z.literal(1), method: z.enum(['linear-programme', 'greedy']), whyGreedy: z.enum(['time-limit', 'solver-failed', 'better-in-whole-slots']).nullable(),
  lends: z.array(z.object({ lender: practiceId, borrower: practiceId, service: serviceCode, week: z.int(), slots: z.int() })), without: unmetDemand, with: unmetDemand, leastWorstUnmetShare: z.number().nullable(),
  practices: z.array(z.object({ practice: practiceId, givenHours: z.number(), receivedHours: z.number(), unmetWithout: z.int().nullable(), unmetWith: z.int().nullable() })),
});
const row = z.object({ id: z.string(), made_by: practiceId.nullable(), made_at: z.date(), inputs: keptInputs.nullable(), solution, asked: quotaQuestion.nullable() });
const knownRow = z.object({ known: z.object({ inputs: keptInputs, scenarios: z.array(z.object({ demandQuantile: z.number(), unmetWithout: z.int(), unmetWith: z.int() })), practices: solution.shape.practices }) });
const COLUMNS = 'id, made_by, made_at, inputs, solution, asked';

export interface QuotaPlan {
  readonly id: string;
  /** Null: by the network's operator, or for a recommendation. */
  readonly madeBy: PracticeId | null;
  readonly madeAt: string;
  /** As they were given; null where they were taken from what is known of the practices, for what was `asked`. */
  readonly inputs: QuotaInputs | null;
  readonly asked: QuotaQuestion | null;
  readonly solution: QuotaSolution;
}

/** What was taken from what is known, and what follows from it for single practices. */
export interface KnownPlan {
  readonly inputs: QuotaInputs;
  readonly scenarios: readonly Scenario[];
  readonly practices: QuotaSolution['practices'];
}
export type NewQuotaPlan = Pick<QuotaPlan, 'id' | 'madeBy' | 'solution'> & ({ readonly inputs: QuotaInputs } | { readonly asked: QuotaQuestion; readonly known: KnownPlan });

@Injectable()
export class QuotaPlanRepository {
  /** Adds nothing where there is one of this id. */
  async add(tx: Tx, plan: NewQuotaPlan): Promise<boolean> {
    const { practices } = 'known' in plan ? plan.known.inputs : plan.inputs;
    const [inputs, asked, known] = 'known' in plan ? [null, JSON.stringify(plan.asked), JSON.stringify(plan.known)] : [JSON.stringify(plan.inputs), null, null];
    const added = await tx.execute(`INSERT INTO quota_plan (id, practices, made_by, made_at, inputs, solution, asked, known) VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT (id) DO NOTHING`,
      [plan.id, practices.map(({ practice }) => practice), plan.madeBy, formatInstant(tx.now), inputs, JSON.stringify(plan.solution), asked, known]);
    return added === 1;
  }

  async find(tx: Tx, id: string): Promise<QuotaPlan | null> {
    const [found] = await tx.query(`SELECT ${COLUMNS} FROM quota_plan WHERE id = $1`, [id]);
    return found ? planOf(found) : null;
  }

  /** The newest first, `limit` behind one of them. */
  async list(tx: Tx, after: { readonly at: Instant; readonly id: string } | null, limit: number): Promise<QuotaPlan[]> {
    return (await tx.query(`SELECT ${COLUMNS} FROM quota_plan WHERE $1::timestamptz IS NULL OR (made_at, id) < ($1, $2::uuid) ORDER BY made_at DESC, id DESC LIMIT $3`, [after && formatInstant(after.at), after?.id ?? null, limit])).map(planOf);
  }

  /** Needs the worker role. Null: its inputs were given. */
  async known(tx: Tx, id: string): Promise<KnownPlan | null> {
    const [found] = await tx.query('SELECT known FROM quota_plan WHERE id = $1 AND known IS NOT NULL', [id]);
    return found ? knownRow.parse(found).known : null;
  }

  /** The partnership of each practice that is known here. */
  async partnerships(tx: Tx, practices: readonly PracticeId[]): Promise<ReadonlyMap<PracticeId, PartnershipId | null>> {
    const rows = await tx.query<{ id: PracticeId; partnership: PartnershipId | null }>('SELECT id, partnership FROM practice WHERE id = ANY ($1)', [[...practices]]);
    return new Map(rows.map(({ id, partnership }) => [id, partnership]));
  }
}

function planOf(found: unknown): QuotaPlan {
  const { made_by, made_at, ...rest } = row.parse(found);
  return { ...rest, madeBy: made_by, madeAt: made_at.toISOString() };
}
