import { Injectable } from '@nestjs/common';
import { type PartnershipId, type PracticeId, formatInstant } from '@slotmesh/kernel';
import type { Tx } from '@slotmesh/persistence';
import { practiceId, serviceCode } from '@slotmesh/contracts';
import { z } from 'zod';
import type { QuotaInputs } from '../domain/quota-inputs';
import type { QuotaSolution } from '../domain/quota-solution';
import { keptInputs } from '../quota-inputs.schema';

const unmetDemand = z.object({ worstUnmetShare: z.number(), unmet: z.number() });
const solution = z.object({
  version: z.literal(1), method: z.enum(['linear-programme', 'greedy']), whyGreedy: z.enum(['time-limit', 'solver-failed', 'better-in-whole-slots']).nullable(),
  lends: z.array(z.object({ lender: practiceId, borrower: practiceId, service: serviceCode, week: z.int(), slots: z.int() })), without: unmetDemand, with: unmetDemand, leastWorstUnmetShare: z.number().nullable(),
  practices: z.array(z.object({ practice: practiceId, givenHours: z.number(), receivedHours: z.number(), unmetWithout: z.int(), unmetWith: z.int() })),
});
const row = z.object({ id: z.string(), made_by: practiceId.nullable(), made_at: z.date(), inputs: keptInputs, solution });

export interface QuotaPlan {
  readonly id: string;
  /** Null: by the network's operator. */
  readonly madeBy: PracticeId | null;
  readonly madeAt: string;
  readonly inputs: QuotaInputs;
  readonly solution: QuotaSolution;
}

@Injectable()
export class QuotaPlanRepository {
  /** Adds nothing where there is one of this id. */
  async add(tx: Tx, { id, madeBy, inputs, solution: made }: Omit<QuotaPlan, 'madeAt'>): Promise<boolean> {
    const added = await tx.execute(`INSERT INTO quota_plan (id, practices, made_by, made_at, inputs, solution) VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (id) DO NOTHING`,
      [id, inputs.practices.map(({ practice }) => practice), madeBy, formatInstant(tx.now), JSON.stringify(inputs), JSON.stringify(made)]);
    return added === 1;
  }

  async find(tx: Tx, id: string): Promise<QuotaPlan | null> {
    const [found] = await tx.query('SELECT id, made_by, made_at, inputs, solution FROM quota_plan WHERE id = $1', [id]);
    if (!found) return null;
    const { made_by, made_at, ...rest } = row.parse(found);
    return { ...rest, madeBy: made_by, madeAt: made_at.toISOString() };
  }

  /** The partnership of each practice that is known here. */
  async partnerships(tx: Tx, practices: readonly PracticeId[]): Promise<ReadonlyMap<PracticeId, PartnershipId | null>> {
    const rows = await tx.query<{ id: PracticeId; partnership: PartnershipId | null }>('SELECT id, partnership FROM practice WHERE id = ANY ($1)', [[...practices]]);
    return new Map(rows.map(({ id, partnership }) => [id, partnership]));
  }
}
