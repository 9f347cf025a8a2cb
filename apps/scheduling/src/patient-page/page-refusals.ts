import { Injectable } from '@nestjs/common';
import { DomainError } from '@slotmesh/kernel';
import type { Tx } from '@slotmesh/persistence';
import { RefusalCounts, type RefusalLimit } from '../shared/refusal-counts';
import { LinkedVisits } from './linked-visits';

const LIMIT: RefusalLimit = { kind: 'patient-page', perHour: 10 };

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
  constructor(private readonly visits: LinkedVisits, private readonly counts: RefusalCounts) {}

  /**
   * Tries of one reader run one after the other, each counted before the next, so that many at once are told no more than few. Where `fn` throws, it is undone, and `refused` audits and answers the refusal, or throws what
   * is none. Throws TooManyPageRefusals before anything is tried.
   */
  async attempt<T>(tx: Tx, fn: () => Promise<T>, refused: (error: unknown) => Promise<T>): Promise<T> {
    if (await this.counts.lock(tx, LIMIT)) throw new TooManyPageRefusals();
    try {
      return await tx.savepoint(fn);
    } catch (error) {
      const answer = await refused(error);
      await this.counts.add(tx, LIMIT);
      return answer;
    }
  }

  /** A time that was asked for is not among those that can be had. Throws LinkUnknown, LinkEnded, TooManyPageRefusals. */
  noteUnlisted(token: string): Promise<void> {
    return this.visits.run(token, async (tx, { appointment }) => {
      if (!(await this.counts.add(tx, LIMIT))) throw new TooManyPageRefusals();
      tx.audit.record(moveRefused(appointment, 'not-listed'));
    });
  }
}

export const moveRefused = ({ id, patient }: { readonly id: string; readonly patient: string }, code: string) => ({ action: 'patient-page.move-refused', entity: 'appointment', entityId: id, patient, details: { code } });
