import { Injectable } from '@nestjs/common';
import { DomainError, HOUR, plusMs, toDate } from '@slotmesh/kernel';
import type { Tx } from '@slotmesh/persistence';
import { LinkedVisits } from './linked-visits';

const ACTIONS = ['patient-page.move-refused', 'patient-page.offer-refused'] as const;
const MOST_PER_HOUR = 10;

/** Which of them it was is not said. */
export class TooManyPageRefusals extends DomainError {
  constructor() {
    super('too-many', 'too-many-page-refusals', 'Too many times could not be had from this page in the last hour. Try again later, or call the practice.');
  }
}

/**
 * A free time that cannot be had may tell a reader of another visit (P8), so each refusal is audited, and who collects them is stopped for an hour of domain time. Why all refusals
 * and not those alone: a stop that counts only them would itself say which they were.
 */
@Injectable()
export class PageRefusals {
  constructor(private readonly visits: LinkedVisits) {}

  /** Before anything is tried. Throws TooManyPageRefusals. */
  async requireFew(tx: Tx): Promise<void> {
    const [row] = await tx.query<{ refused: number }>(
      `SELECT count(*)::int AS refused FROM audit_entry WHERE practice_id = $1 AND actor_subject = $2 AND action = ANY ($3) AND at > $4`, [tx.actor.practice, tx.actor.subject, [...ACTIONS], toDate(plusMs(tx.now, -HOUR))]);
    if ((row?.refused ?? 0) >= MOST_PER_HOUR) throw new TooManyPageRefusals();
  }

  /** In a transaction of its own, because the refused one was rolled back. Throws LinkUnknown, LinkEnded, TooManyPageRefusals. */
  noteMove(token: string, code: string): Promise<void> {
    return this.visits.run(token, async (tx, { appointment }) => {
      await this.requireFew(tx);
      tx.audit.record({ action: ACTIONS[0], entity: 'appointment', entityId: appointment.id, patient: appointment.patient, details: { code } });
    });
  }
}
