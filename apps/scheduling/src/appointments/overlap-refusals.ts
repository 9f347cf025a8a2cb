import { Injectable } from '@nestjs/common';
import { DomainError } from '@slotmesh/kernel';
import { type Actor, type Tx, UnitOfWork } from '@slotmesh/persistence';
import { z } from 'zod';
import type { HttpAnswer } from '../http/idempotency';
import { RefusalCounts, type RefusalLimit } from '../shared/refusal-counts';

const ACTION = 'appointment.overlap-refused';
const ACTIONS: ReadonlyMap<unknown, string> = new Map([['another-visit-then', ACTION], ['red-flag', 'appointment.red-flag']]);
const LIMIT: RefusalLimit = { kind: 'overlap', perHour: 20 };

export class TooManyOverlapRefusals extends DomainError {
  constructor() {
    super('too-many', 'too-many-overlap-refusals', 'This desk was told "another visit then" too often in the last hour. Search with patient= to see only times that fit, or ask a manager.');
  }
}

/** Whom or what a refusal is about. */
export interface Refused {
  readonly entity: 'patient' | 'appointment' | 'offer' | 'series' | 'visit-chain';
  readonly id: string;
  /** Nothing is changed by the answer, whatever its status: it may be kept back. */
  readonly looksOnly?: true;
}
/** Runs `fn` in its transaction unless the desk is stopped. */
export type UnlessStopped = <T>(fn: (tx: Tx) => Promise<T>) => (tx: Tx) => Promise<T>;

/**
 * "Another visit then" tells a desk something about a patient's other visits. Each such refusal is audited, and a desk that collects them is stopped for
 * an hour of domain time (P8). A red flag that stopped a booking is audited in the same way, and stops no desk.
 */
@Injectable()
export class OverlapRefusals {
  constructor(private readonly work: UnitOfWork, private readonly counts: RefusalCounts) {}

  /** Passes the answer on. Throws TooManyOverlapRefusals before anything is tried, and instead of a refusal where others at the same time have used up the hour. */
  async watch(actor: Actor, subject: Refused, answer: (unlessStopped: UnlessStopped) => Promise<HttpAnswer>): Promise<HttpAnswer> {
    const told = await answer((fn) => async (tx) => {
      if (await this.counts.isStopped(tx, LIMIT)) throw new TooManyOverlapRefusals();
      return fn(tx);
    }).catch(async (error: unknown) => {
      if (error instanceof DomainError && !(await this.count(actor, subject, refusalsIn({ code: error.code, ...error.details })))) throw new TooManyOverlapRefusals();
      throw error;
    });
    const counted = await this.count(actor, subject, refusalsIn(told.body));
    // Why only then: what was done has to be told.
    if (!counted && (told.status >= 400 || subject.looksOnly)) throw new TooManyOverlapRefusals();
    return told;
  }

  /** False: the desk is stopped already. Why a transaction of its own: the refused one was rolled back. */
  private async count(actor: Actor, subject: Refused, actions: readonly string[]): Promise<boolean> {
    if (actions.length === 0) return true;
    return this.work.run(actor, async (tx) => {
      for (const action of actions) tx.audit.record({ action, entity: subject.entity, entityId: subject.id, patient: subject.entity === 'patient' ? subject.id : null });
      const overlaps = actions.filter((action) => action === ACTION).length;
      return overlaps === 0 || this.counts.add(tx, LIMIT, overlaps);
    });
  }
}

const answerBody = z.object({ code: z.string().optional(), clashes: z.array(z.object({ reason: z.string() })).optional() });
/** Alone, or each among the dates of a series, or the steps of linked visits, that clash, whether it was booked or only looked at: every one of them tells something. */
function refusalsIn(body: unknown): string[] {
  const { data } = answerBody.safeParse(body);
  return [data?.code, ...(data?.clashes ?? []).map(({ reason }) => reason)].flatMap((code) => ACTIONS.get(code) ?? []);
}
