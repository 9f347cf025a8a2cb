import { Injectable } from '@nestjs/common';
import { DomainError, HOUR, type Instant, plusMs, toDate } from '@slotmesh/kernel';
import { type Actor, UnitOfWork } from '@slotmesh/persistence';
import { z } from 'zod';
import type { HttpAnswer } from '../http/idempotency';

const ACTION = 'appointment.overlap-refused';
const ACTIONS: ReadonlyMap<unknown, string> = new Map([['another-visit-then', ACTION], ['red-flag', 'appointment.red-flag']]);
const MOST_PER_HOUR = 20;

export class TooManyOverlapRefusals extends DomainError {
  constructor() {
    super('too-many', 'too-many-overlap-refusals', 'This desk was told "another visit then" too often in the last hour. Search with patient= to see only times that fit, or ask a manager.');
  }
}

/**
 * "Another visit then" tells a desk something about a patient's other visits. Each such refusal is audited, and a desk that collects them is stopped for
 * an hour of domain time (P8). A red flag that stopped a booking is audited in the same way, and stops no desk.
 */
@Injectable()
export class OverlapRefusals {
  private readonly stoppedUntil = new Map<string, Instant>();

  constructor(private readonly work: UnitOfWork) {}

  /** Passes the answer on. Throws TooManyOverlapRefusals before anything is tried. */
  async watch(actor: Actor, now: Instant, subject: { readonly entity: 'patient' | 'appointment' | 'offer' | 'series' | 'visit-chain'; readonly id: string }, fn: () => Promise<HttpAnswer>): Promise<HttpAnswer> {
    if ((this.stoppedUntil.get(actor.subject) ?? 0) > now) throw new TooManyOverlapRefusals();
    try {
      const answer = await fn();
      await this.record(actor, subject, refusalsIn(answer.body));
      return answer;
    } catch (error) {
      if (error instanceof DomainError) await this.record(actor, subject, refusalsIn({ code: error.code, ...error.details }));
      throw error;
    }
  }

  /** Why a transaction of its own: the refused one was rolled back. */
  private async record(actor: Actor, subject: { readonly entity: string; readonly id: string }, actions: readonly string[]): Promise<void> {
    if (actions.length === 0) return;
    await this.work.run(actor, async (tx) => {
      for (const action of actions) tx.audit.record({ action, entity: subject.entity, entityId: subject.id, patient: subject.entity === 'patient' ? subject.id : null });
      const now = actions.filter((action) => action === ACTION).length;
      if (now === 0) return;
      const [row] = await tx.query<{ refused: number }>(
        `SELECT count(*)::int AS refused FROM audit_entry WHERE practice_id = $1 AND actor_subject = $2 AND action = $3 AND at > $4`, [actor.practice, actor.subject, ACTION, toDate(plusMs(tx.now, -HOUR))]);
      if ((row?.refused ?? 0) + now >= MOST_PER_HOUR) this.stoppedUntil.set(actor.subject, plusMs(tx.now, HOUR));
    });
  }
}

const answerBody = z.object({ code: z.string().optional(), clashes: z.array(z.object({ reason: z.string() })).optional() });
/** Alone, or each among the dates of a series, or the steps of linked visits, that clash, whether it was booked or only looked at: every one of them tells something. */
function refusalsIn(body: unknown): string[] {
  const { data } = answerBody.safeParse(body);
  return [data?.code, ...(data?.clashes ?? []).map(({ reason }) => reason)].flatMap((code) => ACTIONS.get(code) ?? []);
}
